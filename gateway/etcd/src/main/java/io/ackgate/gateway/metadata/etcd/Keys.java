package io.ackgate.gateway.metadata.etcd;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.etcd.api.KeyValue;

/**
 * The names of the keys in etcd.
 *
 * @param prefix that all of them begin with
 */
record Keys(ByteString prefix) {
    private static final byte[] NOTHING = new byte[0];

    static Keys below(String prefix) {
        return new Keys(ByteString.copyFromUtf8(prefix));
    }

    ByteString of(String key) {
        return prefix.concat(ByteString.copyFromUtf8(key));
    }

    Entry entry(KeyValue found) {
        return new Entry(name(found), found.getModRevision(), found.getValue().toByteArray());
    }

    String name(KeyValue found) {
        return found.getKey().substring(prefix.size()).toStringUtf8();
    }

    static Entry absent(String key) {
        return new Entry(key, MetadataStore.ABSENT, NOTHING);
    }

    /** The first key behind all that begin with {@code prefix}, which is not empty. */
    static ByteString endOf(ByteString prefix) {
        byte[] end = prefix.toByteArray();
        int last = end.length - 1;
        while (end[last] == (byte) 0xff) {
            last--;
        }
        end[last]++;
        return ByteString.copyFrom(end, 0, last + 1);
    }

    /** The first key behind this one. */
    static ByteString after(ByteString key) {
        return key.concat(ByteString.copyFrom(new byte[1]));
    }
}
