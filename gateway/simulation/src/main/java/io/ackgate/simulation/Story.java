package io.ackgate.simulation;

import io.ackgate.simulation.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What happened, line by line. A run is so fast because it does not write its story; a reader who
 * wants to read it runs the same seed again with a story that does.
 */
public final class Story {
    private final Timeline timeline;
    private final boolean told;
    private final List<String> lines = new ArrayList<>();

    private Story(Timeline timeline, boolean told) {
        this.timeline = timeline;
        this.told = told;
    }

    /** A story that is written down. */
    public static Story told(Timeline timeline) {
        return new Story(timeline, true);
    }

    /** A story that nobody reads. */
    public static Story untold(Timeline timeline) {
        return new Story(timeline, false);
    }

    /** Adds a line. */
    public void tell(Supplier<String> line) {
        if (told) {
            long micros = timeline.now() / 1_000 - 1_000_000;
            lines.add(String.format(Locale.ROOT, "%,11d us  %s", micros, line.get()));
        }
    }

    /** Adds a line without a time: a heading. */
    public void chapter(String heading) {
        if (told) {
            lines.add("-- " + heading);
        }
    }

    public List<String> lines() {
        return lines;
    }

    /** The end of the story, as long as asked for. */
    public String last(int count) {
        int from = Math.max(0, lines.size() - count);
        return String.join("\n", lines.subList(from, lines.size()));
    }
}
