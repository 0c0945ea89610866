package io.ackgate.docs.readme;

import java.util.ArrayList;
import java.util.List;

/**
 * A command that a page shows, and what it is shown to print.
 *
 * @param line where it stands, from 1
 * @param text as it is typed, with its further lines
 * @param output the lines below it up to a blank one; none if the page leaves them out
 */
record ShownCommand(int line, String text, List<String> output) {
    private static final String CODE = "    ";
    private static final String PROMPT = "$ ";
    private static final String GOES_ON = "\\";
    private static final String FENCE = "```";

    ShownCommand {
        output = List.copyOf(output);
    }

    /**
     * All commands of a page, in its order: they stand in indented blocks, behind a prompt. What is
     * fenced is something else.
     *
     * @throws IllegalArgumentException if a code block has something that is neither a command nor
     *     below one
     */
    static List<ShownCommand> of(List<String> page) {
        List<ShownCommand> commands = new ArrayList<>();
        boolean fenced = false;
        boolean belowCommand = false;
        for (int i = 0; i < page.size(); i++) {
            String shown = page.get(i);
            fenced ^= shown.startsWith(FENCE);
            if (fenced || !shown.startsWith(CODE)) {
                belowCommand = false;
                continue;
            }
            String code = shown.substring(CODE.length());
            if (code.startsWith(PROMPT)) {
                int line = i + 1;
                StringBuilder text = new StringBuilder(code.substring(PROMPT.length()));
                while (page.get(i).endsWith(GOES_ON)) {
                    i++;
                    text.append('\n').append(page.get(i));
                }
                commands.add(new ShownCommand(line, text.toString(), List.of()));
                belowCommand = true;
            } else if (belowCommand) {
                commands.add(commands.removeLast().with(code));
            } else {
                throw new IllegalArgumentException(
                        "line %d: '%s' stands in a code block and below no command"
                                .formatted(i + 1, code));
            }
        }
        return commands;
    }

    private ShownCommand with(String printed) {
        List<String> more = new ArrayList<>(output);
        more.add(printed);
        return new ShownCommand(line, text, more);
    }

    /** Whether it may print this: always, if the page does not show what it prints. */
    boolean isShownToPrint(List<String> printed) {
        return output.isEmpty() || new ShownOutput(output).matches(printed);
    }

    /** What is told when it has printed something else. */
    String mismatch(List<String> printed) {
        return "%s%nis shown to print%n%s%nand printed%n%s"
                .formatted(this, String.join("\n", output), String.join("\n", printed));
    }

    @Override
    public String toString() {
        return "line %d: %s".formatted(line, text);
    }
}
