package io.ackgate.docs;

import io.ackgate.gateway.topic.TopicSetting;
import io.ackgate.gateway.topic.TopicSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The settings of a topic, from the table that checks them. */
final class TopicSettingsRows {
    private static final int REPLICAS = 3;

    private TopicSettingsRows() {}

    static List<Setting> all() {
        Map<String, String> texts =
                new JavadocOf(
                                "gateway/core/src/main/java/io/ackgate/gateway/topic/TopicSetting.java")
                        .all();
        Map<String, String> defaults = TopicSettings.resolve(REPLICAS, Map.of()).asText();
        return Arrays.stream(TopicSetting.values())
                .map(
                        setting ->
                                new Setting(
                                        setting.key(),
                                        "`" + defaults.get(setting.key()) + "`",
                                        setting.allowed(),
                                        kafka(setting),
                                        JavadocOf.plain(
                                                texts.getOrDefault(
                                                        "TopicSetting." + setting.name(), ""))))
                .toList();
    }

    private static String kafka(TopicSetting setting) {
        return switch (setting) {
            case DURABILITY, DEFAULT_ACKS, MIN_ACKS -> "";
            case UNCLEAN_LEADER_ELECTION -> "unclean.leader.election.enable";
            default -> setting.key();
        };
    }
}
