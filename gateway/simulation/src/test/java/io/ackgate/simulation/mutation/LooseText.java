package io.ackgate.simulation.mutation;

import java.util.Map;
import java.util.TreeMap;

/** A source without its white space and comments, so that its layout makes no difference. */
final class LooseText {
    private final StringBuilder kept = new StringBuilder();

    /** Where each kept character stands in the source. */
    private final int[] positions;

    LooseText(String source) {
        positions = new int[source.length()];
        int at = 0;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '"' || c == '\'') {
                at = keepLiteral(source, at);
            } else if (source.startsWith("//", at)) {
                at = after(source, "\n", at);
            } else if (source.startsWith("/*", at)) {
                at = after(source, "*/", at + 2);
            } else {
                keep(source, at++);
            }
        }
    }

    private static int after(String source, String end, int from) {
        int at = source.indexOf(end, from);
        return at < 0 ? source.length() : at + end.length();
    }

    private int keepLiteral(String source, int from) {
        String quote =
                source.startsWith("\"\"\"", from) ? "\"\"\"" : source.substring(from, from + 1);
        int end = from + quote.length();
        while (end < source.length() && !source.startsWith(quote, end)) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        end = Math.min(source.length(), end + quote.length());
        for (int at = from; at < end; at++) {
            keep(source, at);
        }
        return end;
    }

    private void keep(String source, int at) {
        if (!Character.isWhitespace(source.charAt(at))) {
            positions[kept.length()] = at;
            kept.append(source.charAt(at));
        }
    }

    static boolean same(String one, String other) {
        return new LooseText(one).kept.compareTo(new LooseText(other).kept) == 0;
    }

    /** Everywhere between two positions of the source where a text stands: from, to. */
    Map<Integer, Integer> find(String text, int from, int to) {
        String wanted = new LooseText(text).kept.toString();
        Map<Integer, Integer> found = new TreeMap<>();
        int at = kept.indexOf(wanted);
        while (at >= 0) {
            int begin = positions[at];
            int end = positions[at + wanted.length() - 1] + 1;
            if (begin >= from && end <= to) {
                found.put(begin, end);
            }
            at = kept.indexOf(wanted, at + wanted.length());
        }
        return found;
    }
}
