package io.ackgate.gateway.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Memory of all that is read for consumers, from the moment a storage node is asked until the
 * caller's transport has taken the answer: one bound for all of them. While it is used up nothing
 * is asked for, and who asks waits for its turn. Any thread.
 *
 * <p>Shared so that who takes nothing keeps little. A {@link Reader} that has nothing goes first
 * and may use all of it, one answer at a time. One that has something gets more while all together
 * have less than half, and itself not more than an eighth. So those who read on find room beside
 * those who do not; and where those alone use up all of it, the ones that have taken nothing for
 * longest are told to give way.
 */
public final class ReadMemory {
    private static final System.Logger LOG = System.getLogger(ReadMemory.class.getName());

    private static final int SHARES = 8;

    /** How long those with nothing wait, one after the other, before others give way. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    /** How long a reader may take nothing before it is one of those that give way. */
    private static final long STALLED_NANOS = 15_000_000_000L;

    private final long maxBytes;
    private final WatchedTime time;

    /** Readers that have nothing and wait, in the order in which they came. */
    private final SequencedSet<Reader> first = new LinkedHashSet<>();

    /** Readers that have something and wait for more, in turn. */
    private final SequencedSet<Reader> others = new LinkedHashSet<>();

    private final Set<Reader> holders = new HashSet<>();
    private long bytes;
    private int waiting;

    /** Lasts while one with nothing has found no room, and none that came after it has had any. */
    private final Starvation starvation = new Starvation();

    /**
     * Nothing is held.
     *
     * @param maxBytes 1 or more; one answer may be larger while it is alone
     * @param clock nanoseconds that never go back; what passes between two looks counts as 2 s at
     *     the most
     */
    public ReadMemory(long maxBytes, LongSupplier clock) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("bytes of reads " + maxBytes + " must be 1 or more");
        }
        this.maxBytes = maxBytes;
        this.time = new WatchedTime(clock);
    }

    private enum Turn {
        NONE,
        FIRST,
        OTHERS
    }

    /** Who reads: a subscription, or the caller of a fetch. Once closed it holds nothing more. */
    public final class Reader implements AutoCloseable {
        private final Runnable giveWay;
        private final ArrayDeque<Place> asked = new ArrayDeque<>();
        private Turn turn = Turn.NONE;

        /** All that is held for it. */
        private long held;

        /** What is held of that for reads under way. */
        private long underWay;

        /** Since when it has had something and taken nothing. */
        private long since;

        private long askedAt;

        /** Whether what it holds is being made into an answer. */
        private boolean making;

        private volatile boolean closed;

        private Reader(Runnable giveWay) {
            this.giveWay = giveWay;
        }

        /** It holds so many bytes more, or fewer: an answer has become something else. */
        public void hold(long more) {
            run(settled(this, more, false));
        }

        /** The transport has taken so many bytes, 0 or more. */
        public void taken(long some) {
            run(settled(this, -some, some > 0));
        }

        /**
         * What it has got is being made into an answer: until {@link #made} or {@link #madeOne} it
         * waits for this gateway, and all of it is held even where it is closed meanwhile.
         */
        public void making() {
            synchronized (ReadMemory.this) {
                making = true;
            }
        }

        /** The transport has an answer of so many bytes, held in place of all that was. */
        public void made(long bytes) {
            run(answered(this, bytes));
        }

        /** One answer is made of what it has got: it waits for the transport again. */
        public void madeOne() {
            run(ReadMemory.this.madeOne(this));
        }

        /** Nobody waits for what is made of it. */
        public boolean isClosed() {
            return closed;
        }

        /** Bytes that are held for it, reads under way included. */
        public long held() {
            synchronized (ReadMemory.this) {
                return held;
            }
        }

        /** It has gone, with all that is held for it and is not being made into an answer. */
        @Override
        public void close() {
            run(closed(this));
        }
    }

    /** Room for the answer of one read. */
    final class Place {
        private final Reader reader;
        private final int size;
        private final Runnable later;
        private volatile boolean granted;
        private boolean ended;

        private Place(Reader reader, int size, Runnable later) {
            this.reader = reader;
            this.size = size;
            this.later = later;
        }

        boolean isGranted() {
            return granted;
        }

        /** Its read is over, and so many bytes of it are held by the reader from now on. */
        void end(long kept) {
            run(ended(this, kept));
        }
    }

    /**
     * One more reader, which has nothing.
     *
     * @param giveWay told, on any thread and perhaps more than once, that it has taken nothing for
     *     long and others wait: it is to end and be closed
     */
    public Reader reader(Runnable giveWay) {
        return new Reader(giveWay);
    }

    /** The most that one read is asked to bring, bytes. */
    int maxReadBytes() {
        return Math.clamp(maxBytes / SHARES, 1, Integer.MAX_VALUE);
    }

    /** Bytes that are held, reads under way included. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Reads that wait for room. */
    public synchronized int waitingReads() {
        return waiting;
    }

    /**
     * Asks for room.
     *
     * @param later runs when it is granted, if it is not granted at once; on any thread, and not
     *     after the place has ended or its reader was closed
     */
    synchronized Place ask(Reader reader, int size, Runnable later) {
        Place place = new Place(reader, size, later);
        if (reader.closed) {
            place.ended = true;
        } else if (reader.asked.isEmpty() && first.isEmpty() && fits(reader, size)) {
            grant(place);
        } else {
            if (reader.asked.isEmpty()) {
                reader.askedAt = time.now();
            }
            reader.asked.add(place);
            waiting++;
            queue(reader);
        }
        return place;
    }

    private boolean fits(Reader reader, int size) {
        if (reader.held == 0) {
            return bytes == 0 || bytes + size <= maxBytes;
        }
        return bytes + size <= maxBytes / 2 && reader.held + size <= maxBytes / SHARES;
    }

    private void grant(Place place) {
        place.granted = true;
        if (place.reader.held == 0) {
            starvation.end();
        }
        place.reader.underWay += place.size;
        add(place.reader, place.size);
    }

    /** The caller has brought what is under way up to date. */
    private void add(Reader reader, long more) {
        bytes += more;
        reader.held += more;
        if (reader.held > 0) {
            holders.add(reader);
        } else {
            holders.remove(reader);
        }
    }

    /** Puts it where it is to wait now; where it waited before it is passed over. */
    private void queue(Reader reader) {
        Turn turn =
                reader.asked.isEmpty() ? Turn.NONE : reader.held == 0 ? Turn.FIRST : Turn.OTHERS;
        if (turn == reader.turn) {
            return;
        }
        first.remove(reader);
        others.remove(reader);
        reader.turn = turn;
        switch (turn) {
            case FIRST -> {
                first.add(reader);
                starvation.begin(time.now());
            }
            case OTHERS -> others.add(reader);
            case NONE -> {}
        }
    }

    private synchronized List<Runnable> settled(Reader reader, long more, boolean taken) {
        if (reader.closed) {
            return List.of();
        }
        if (taken || reader.held == reader.underWay) {
            reader.since = time.now();
        }
        add(reader, more);
        queue(reader);
        return more < 0 ? serve() : List.of();
    }

    private synchronized List<Runnable> answered(Reader reader, long size) {
        List<Runnable> granted = madeOne(reader);
        return reader.closed ? granted : settled(reader, size - reader.held, false);
    }

    private synchronized List<Runnable> madeOne(Reader reader) {
        reader.making = false;
        reader.since = time.now();
        return reader.closed ? released(reader) : List.of();
    }

    private synchronized List<Runnable> ended(Place place, long kept) {
        Reader reader = place.reader;
        if (place.ended || reader.closed) {
            return List.of();
        }
        place.ended = true;
        if (!place.granted) {
            waiting--;
            reader.asked.remove(place);
        } else {
            if (reader.held == reader.underWay) {
                reader.since = time.now();
            }
            reader.underWay -= place.size;
            add(reader, kept - place.size);
        }
        queue(reader);
        return serve();
    }

    private synchronized List<Runnable> closed(Reader reader) {
        if (reader.closed) {
            return List.of();
        }
        reader.closed = true;
        waiting -= reader.asked.size();
        reader.asked.clear();
        queue(reader);
        return reader.making ? serve() : released(reader);
    }

    private List<Runnable> released(Reader reader) {
        reader.underWay = 0;
        add(reader, -reader.held);
        return serve();
    }

    /** Grants what fits now. */
    private List<Runnable> serve() {
        List<Runnable> granted = new ArrayList<>();
        while (!first.isEmpty()) {
            Reader next = first.getFirst();
            if (!fits(next, next.asked.element().size)) {
                starvation.begin(time.now());
                return granted;
            }
            grantFirst(next, granted);
        }
        // Each has its turn once; who does not get it now comes after those who do.
        for (int left = others.size(); left > 0 && bytes < maxBytes / 2; left--) {
            Reader next = others.removeFirst();
            next.turn = Turn.NONE;
            if (fits(next, next.asked.element().size)) {
                grantFirst(next, granted);
            }
            queue(next);
        }
        if (bytes <= maxBytes / 2) {
            starvation.end();
        }
        return granted;
    }

    private void grantFirst(Reader reader, List<Runnable> granted) {
        Place place = reader.asked.remove();
        waiting--;
        reader.askedAt = time.now();
        grant(place);
        queue(reader);
        granted.add(place.later);
    }

    /** Outside the lock: it may ask for more. */
    private static void run(List<Runnable> granted) {
        granted.forEach(Runnable::run);
    }

    /** Looks for readers that are to give way; to be called every second. */
    public void look() {
        List<Reader> stalled;
        synchronized (this) {
            long now = time.look();
            stalled =
                    holders.stream()
                            .filter(one -> one.held > one.underWay && !one.making)
                            .filter(one -> now - one.since >= STALLED_NANOS)
                            .sorted(Comparator.comparingLong(one -> one.since - now))
                            .limit(starved(now))
                            .toList();
        }
        stalled.forEach(ReadMemory::tell);
    }

    /**
     * How many are to be helped. Where each gives up before it has waited for long, one of them is
     * as soon as all together have.
     */
    private long starved(long now) {
        long each = first.stream().filter(one -> now - one.askedAt >= PATIENCE_NANOS).count();
        boolean together = starvation.hasLasted(PATIENCE_NANOS, now);
        return together && !first.isEmpty() ? Math.max(1, each) : each;
    }

    /** A reader that fails keeps nobody from being told, nor from being looked for again. */
    private static void tell(Reader stalled) {
        try {
            stalled.giveWay.run();
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "a reader does not give way", bug);
        }
    }
}
