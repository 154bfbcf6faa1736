import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Who holds what in one connection, as the stream tells it, until the verification event with a given text; then it prints what
 * is there. Written from docs/events.md alone: it shares nothing with the code that writes the stream.
 *
 *   java -cp 'jars/*' AccessFeed.java <brokers> <prefix> <connection id> <text> [--from-beginning]
 */
public class AccessFeed {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String TYPE = "io.claritysecurity.access.";

    /** Kind -> the ids of what is there. */
    private final Map<String, SortedSet<String>> present = new TreeMap<>();
    private final KafkaConsumer<String, String> consumer;
    private final String prefix;
    private final String connection;
    private long sequence = 0;
    private long bootstrappedAt = 0;
    private int applied = 0;
    private int unknown = 0;

    private AccessFeed(String brokers, String prefix, String connection) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", brokers);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        this.consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        this.prefix = prefix;
        this.connection = connection;
    }

    public static void main(String[] args) throws IOException {
        AccessFeed feed = new AccessFeed(args[0], args[1], args[2]);
        boolean fromBeginning = args.length > 4 && args[4].equals("--from-beginning");
        TopicPartition changes = feed.partitionOf("changes");
        long from = fromBeginning ? 0 : feed.endOf(changes);
        if (!fromBeginning) feed.readPresent(feed.partitionOf("state"));
        System.err.println("bootstrapped " + feed.bootstrappedAt);
        feed.follow(changes, from, args[3]);
        System.out.println(JSON.writeValueAsString(Map.of(
            "present", feed.present,
            "sequence", feed.sequence,
            "bootstrappedAt", feed.bootstrappedAt,
            "applied", feed.applied,
            "unknown", feed.unknown)));
    }

    /** A connection is in the same partition of both topics: FNV-1a of its id. */
    private TopicPartition partitionOf(String name) {
        int hash = 0x811c9dc5;
        for (byte each : connection.getBytes(StandardCharsets.UTF_8)) hash = (hash ^ (each & 0xff)) * 0x01000193;
        String topic = prefix + "." + name;
        return new TopicPartition(topic, Integer.remainderUnsigned(hash, consumer.partitionsFor(topic).size()));
    }

    private long endOf(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).get(partition);
    }

    /** What is there now: on beyond the end, until the watermark has caught up with the records before it. */
    private void readPresent(TopicPartition state) throws IOException {
        long end = endOf(state);
        long highest = 0;
        consumer.assign(List.of(state));
        consumer.seekToBeginning(List.of(state));
        while (consumer.position(state) < end || sequence < highest) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                String[] key = record.key().split("/", 3);
                if (!key[0].equals(connection)) continue;
                highest = Math.max(highest, Long.parseLong(header(record, "ce_sequence")));
                if (key[1].equals("watermark")) sequence = JSON.readTree(record.value()).get("sequence").asLong();
                else if (record.value() == null) gone(key[1], key[2]);
                else there(key[1], JSON.readTree(record.value()).path("id").asText(key[2]));
            }
        }
        bootstrappedAt = sequence;
    }

    private void follow(TopicPartition changes, long from, String text) throws IOException {
        consumer.assign(List.of(changes));
        consumer.seek(changes, from);
        for (;;) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                if (!record.key().equals(connection)) continue;
                long next = Long.parseLong(header(record, "ce_sequence"));
                if (next <= sequence) continue;
                if (next != sequence + 1) throw new IllegalStateException("expected " + (sequence + 1) + ", found " + next);
                sequence = next;
                JsonNode data = JSON.readTree(record.value());
                apply(header(record, "ce_type"), header(record, "ce_subject"), data);
                applied++;
                if (data.path("text").asText().equals(text)) return;
            }
        }
    }

    private void apply(String type, String subject, JsonNode data) {
        switch (type) {
            case TYPE + "service-user.created.v1" -> there("service-user", subject);
            case TYPE + "service-user.removed.v1" -> gone("service-user", subject);
            case TYPE + "entitlement.created.v1" -> there("entitlement", data.get("entitlement").get("id").asText());
            case TYPE + "entitlement.removed.v1" -> gone("entitlement", subject);
            case TYPE + "service-user-entitlement.granted.v1" ->
                there("service-user-entitlement", data.get("grant").get("id").asText());
            case TYPE + "service-user-entitlement.revoked.v1" -> gone("service-user-entitlement", subject);
            case TYPE + "service-user-entitlement.changed.v1" ->
                moved("service-user-entitlement", data.get("serviceUserId").asText(), data);
            case TYPE + "entitlement-nesting.added.v1" -> there("entitlement-nesting", subject);
            case TYPE + "entitlement-nesting.removed.v1" -> gone("entitlement-nesting", subject);
            case TYPE + "entitlement-nesting.changed.v1" ->
                moved("entitlement-nesting", data.get("container").asText(), data);
            // Rule 6: what is not known, or tells of nothing that is held, is no error.
            default -> unknown++;
        }
    }

    private void moved(String kind, String holder, JsonNode data) {
        gone(kind, holder + "|" + data.get("from").asText());
        there(kind, holder + "|" + data.get("to").asText());
    }

    private void there(String kind, String id) {
        present.computeIfAbsent(kind, each -> new TreeSet<>()).add(id);
    }

    private void gone(String kind, String id) {
        present.computeIfAbsent(kind, each -> new TreeSet<>()).remove(id);
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        Header found = record.headers().lastHeader(name);
        if (found == null) throw new IllegalStateException("no " + name + " at " + record.offset());
        return new String(found.value(), StandardCharsets.UTF_8);
    }
}
