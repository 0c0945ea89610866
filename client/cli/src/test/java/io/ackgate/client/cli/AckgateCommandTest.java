package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckgateCommandTest {
    @Test
    void without_a_subcommand_it_fails_with_the_usage() {
        CommandRun run = CommandRun.of();
        assertEquals(2, run.status());
        assertTrue(run.err().contains("Usage: ackgate"), run::err);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "topic --help",
                "topic create --help",
                "topic list --help",
                "topic describe --help",
                "topic alter --help",
                "topic delete --help",
                "produce --help",
                "consume --help",
                "cluster --help",
                "track --help",
                "nodes --help",
                "groups --help",
                "groups list --help",
                "groups describe --help",
                "groups delete --help",
                "contexts --help",
                "contexts set --help",
                "contexts use --help",
                "contexts delete --help",
                "perf --help"
            })
    void help_succeeds_on_standard_output(String line) {
        CommandRun run = CommandRun.of(line.split(" ", -1));
        assertEquals(0, run.status());
        String command = line.replace(" --help", "").replace("--help", "");
        assertTrue(run.out().contains(("Usage: ackgate " + command).trim()), run::out);
        assertEquals("", run.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "produce t --acks 1 --idempotent | acks=1 is at odds with enable.idempotence=true",
                "produce t --acks 2 | acks is '2'; it must be 0, 1 or all",
                "produce t --delivery-timeout soon | '--delivery-timeout': 'soon' is no time;"
                        + " write",
                "produce t --delivery-timeout 1s --linger 2s | request.timeout.ms=-1000 must be",
                "produce t --producer-config retries=0 | retries=0 is at odds with",
                "produce t --producer-config a=b | unknown setting 'a'",
                "produce t --key k --key-pointer /a | --key and --key-pointer cannot both",
                "produce t --key-pointer a | --key-pointer: Invalid input: JSON Pointer expression",
                "produce t --bootstrap here | --bootstrap-server: 'here' is no address of a"
                        + " gateway",
                "consume t --from yesterday | --from: 'yesterday' is no place to start",
                "produce t --keep-partitions | --keep-partitions needs --json",
                "produce t --compression zip | compression.type is 'zip'; it must be none, gzip",
                "consume t --show value | Invalid value for option '--show'",
                "track t v --acks 2 | acks is '2'; it must be 0, 1 or all",
                "contexts set local here | 'here' is no address of a gateway",
                "topic alter t | Nothing is to change",
                "topic | Which command of topic?",
                "produce | Missing required parameter: 'TOPIC'",
                "consume t -o xml | Invalid value for option '--output'",
                "consume t --frob | Unknown option: '--frob'",
            })
    void a_wrong_line_is_told_in_one_line_with_status_2(String lineAndMessage) {
        int bar = lineAndMessage.indexOf(" | ");
        CommandRun run = CommandRun.of(lineAndMessage.substring(0, bar).split(" ", -1));
        assertEquals(2, run.status(), run::err);
        String first = run.err().lines().findFirst().orElse("");
        assertTrue(first.startsWith("ackgate: "), run::err);
        assertTrue(first.contains(lineAndMessage.substring(bar + 3)), run::err);
        assertEquals(2, run.err().lines().count(), run::err);
        assertEquals("", run.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topic list",
                "cluster",
                "produce t",
                "consume t --timeout 1s",
                "perf",
                "groups",
                "nodes",
                "track t v"
            })
    void without_a_gateway_it_says_so_with_a_status_of_its_own(String line) {
        CommandRun run = CommandRun.of((line + " --bootstrap 127.0.0.1:1").split(" ", -1));
        assertEquals(4, run.status());
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().startsWith("ackgate: NETWORK_EXCEPTION: no gateway"), run::err);
        assertTrue(run.err().contains("127.0.0.1:1"), run::err);
    }
}
