package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways under a name, and nodes as they are shown. */
class ContextsCommandTest {
    private static final String FILE = "ackgate.contexts";

    private final FakeAdmin admin;

    @TempDir private Path folder;

    ContextsCommandTest() throws IOException {
        admin = new FakeAdmin();
    }

    @BeforeEach
    void keepThemHere() {
        System.setProperty(FILE, folder.resolve("deep").resolve("contexts").toString());
    }

    @AfterEach
    void close() {
        System.clearProperty(FILE);
        admin.close();
    }

    private static CommandRun run(String line) {
        CommandRun run = CommandRun.of(line.split(" ", -1));
        assertEquals(0, run.status(), run::err);
        return run;
    }

    @Test
    void a_command_talks_to_the_gateways_of_its_context() {
        admin.answers("GET /admin/v1/topics", 200, "[]");
        run("contexts set here " + admin.address());
        run("contexts set there a.example:8080,b.example:8080 --admin 127.0.0.1:1");
        assertEquals(
                """
                IN USE  NAME   BOOTSTRAP SERVER               ADMIN        TLS
                *       here   %-29s  -            no
                -       there  a.example:8080,b.example:8080  127.0.0.1:1  no
                """
                        .formatted(admin.address()),
                run("contexts").out());
        run("topic list");
        run("topic list --context here");
        assertEquals(2, admin.requests.size());
        assertEquals(4, CommandRun.of("topic", "list", "--context", "there").status());
        run("contexts use there");
        assertEquals(4, CommandRun.of("topic", "list").status());
        run("topic list --bootstrap-server " + admin.address());
        run("contexts delete there");
        assertTrue(run("contexts -o json").out().contains("\"current\" : false"));
    }

    @Test
    void a_context_that_is_not_there_is_named() {
        CommandRun run = CommandRun.of("topic", "list", "--context", "nowhere");
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("ackgate: there is no context 'nowhere' in "), run::err);
        assertEquals(1, CommandRun.of("contexts", "set", "a b", "127.0.0.1:1").status());
    }

    @Test
    void nodes_say_what_they_hold() {
        admin.answers(
                "GET /admin/v1/nodes",
                200,
                """
                [{"id":1,"connected":true,"registered":true},
                 {"id":2,"address":"n2:9090","connected":false,"registered":true}]
                """);
        admin.answers(
                "GET /admin/v1/nodes/1",
                200,
                """
                {"id":1,"connected":true,"registered":true,"replicas":6,"faultyReplicas":0,
                 "bytes":1536,"usableBytes":5368709120,"totalBytes":10737418240}
                """);
        admin.answers("GET /admin/v1/nodes/2", 503, "{\"code\":\"BROKER_NOT_AVAILABLE\"}");
        assertEquals(
                """
                ID  ADDRESS          STATE          REPLICAS  FAULTY  BYTES    USABLE   OF
                 1  in this process  connected             6       0  1.5 KiB  5.0 GiB  10.0 GiB
                 2  n2:9090          not connected         -       -  -        -        -
                """,
                run("nodes --bootstrap " + admin.address()).out());
    }
}
