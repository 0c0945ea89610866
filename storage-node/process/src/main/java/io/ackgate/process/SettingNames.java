package io.ackgate.process;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The settings that a process has, by name. A name that is none of them is told to the operator who
 * gave it: a misspelt setting would otherwise leave its default in force, and nobody would know.
 */
public final class SettingNames {
    private static final String PREFIX = "ackgate.";
    private static final String VARIABLE_PREFIX = "ACKGATE_";
    private static final Pattern INDEX = Pattern.compile("\\[(\\d+|\\*)]");
    private static final Pattern PROFILE = Pattern.compile("%[^.]+\\.");

    /** Variables of the command line, which may stand in the same environment. */
    private static final Set<String> OF_THE_CLIENT =
            Set.of("ACKGATE_BOOTSTRAP", "ACKGATE_CONTEXTS", "ACKGATE_JAVA_OPTS");

    /** Variables that Kubernetes sets for a service whose name begins with "ackgate". */
    private static final Pattern OF_KUBERNETES =
            Pattern.compile(
                    "ACKGATE(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?"
                            + "|PORT(_\\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)");

    private final String process;
    private final Set<String> known;
    private final Set<String> variables;
    private final Set<String> variablesOfOthers;

    /**
     * The settings of one kind of process.
     *
     * @param process what it is called in messages, like "a gateway"
     * @param known names in full, dotted and in lower case
     * @param variablesOfOthers beginnings of variables that other kinds of process have: those may
     *     well stand in the same environment
     */
    public SettingNames(String process, Collection<String> known, Set<String> variablesOfOthers) {
        this.process = process;
        this.known =
                known.stream().map(SettingNames::plain).collect(Collectors.toUnmodifiableSet());
        this.variables =
                this.known.stream()
                        .map(SettingNames::variable)
                        .collect(Collectors.toUnmodifiableSet());
        this.variablesOfOthers = Set.copyOf(variablesOfOthers);
    }

    /**
     * Looks for names that are no settings.
     *
     * @param properties names from files and the command line; those of others are passed over
     * @param environment names of environment variables, likewise
     * @return one sentence per name that this process does not have, with the nearest one that it
     *     has; none if all is well
     */
    public List<String> problems(Iterable<String> properties, Collection<String> environment) {
        Set<String> variablesGiven =
                environment.stream()
                        .filter(name -> name.startsWith(VARIABLE_PREFIX))
                        .collect(Collectors.toCollection(TreeSet::new));
        Stream<String> badVariables =
                variablesGiven.stream()
                        .filter(name -> !isKnownVariable(name) && !isOfAnother(name))
                        .filter(name -> !OF_THE_CLIENT.contains(name))
                        .filter(name -> !OF_KUBERNETES.matcher(name).matches())
                        .map(name -> problem(name, nearest(name, variables)));
        // A variable shows up among the properties as well, under a name made from its own.
        Stream<String> badProperties =
                StreamSupport.stream(properties.spliterator(), false)
                        .map(SettingNames::plain)
                        .distinct()
                        .sorted()
                        .filter(name -> name.startsWith(PREFIX))
                        .filter(name -> !known.contains(name))
                        .filter(name -> !variablesGiven.contains(variable(name)))
                        .map(name -> problem(name, nearest(name, known)));
        return Stream.concat(badVariables, badProperties).toList();
    }

    private boolean isKnownVariable(String name) {
        // An element of a list has its number behind the name: ACKGATE_STORAGE_NODES_0_.
        return variables.contains(name) || variables.contains(name.replaceAll("_\\d+_$", ""));
    }

    private boolean isOfAnother(String name) {
        return variablesOfOthers.stream().anyMatch(name::startsWith);
    }

    /**
     * Variables that were given and have no effect here, since another kind of process has them.
     */
    public List<String> ofOthers(Collection<String> environment) {
        return environment.stream()
                .filter(name -> !isKnownVariable(name) && isOfAnother(name))
                .sorted()
                .toList();
    }

    private String problem(String name, String nearest) {
        return "%s is no setting of %s: did you mean %s? Correct it, or leave it out"
                .formatted(name, process, nearest);
    }

    private static String plain(String name) {
        return INDEX.matcher(PROFILE.matcher(name).replaceFirst("")).replaceAll("");
    }

    /** As it is given in the environment, by MicroProfile's rule. */
    static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static String nearest(String name, Set<String> names) {
        return names.stream()
                .min(
                        Comparator.<String>comparingInt(other -> distance(name, other))
                                .thenComparing(other -> other))
                .orElseThrow();
    }

    /** Letters that are to be changed, left out or put in (Levenshtein). */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
