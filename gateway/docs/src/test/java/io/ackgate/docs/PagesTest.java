package io.ackgate.docs;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The pages that are made from the code say what it says. */
class PagesTest {
    @Test
    void every_error_is_explained() throws IOException {
        ErrorsPage.page().check();
    }

    @Test
    void every_setting_is_explained() throws IOException {
        SettingsPage.page().check();
    }
}
