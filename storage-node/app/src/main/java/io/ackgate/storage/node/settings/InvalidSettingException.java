package io.ackgate.storage.node.settings;

/**
 * A setting that the node cannot be started with. The text names it, what was given, what may be.
 */
public final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidSettingException(String problem) {
        super(problem);
    }

    InvalidSettingException(String setting, Object given, String allowed) {
        super("%s is %s and must be %s".formatted(setting, given, allowed));
    }
}
