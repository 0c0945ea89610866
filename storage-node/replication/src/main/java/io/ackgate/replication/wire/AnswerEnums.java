package io.ackgate.replication.wire;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.v1.Fault;
import io.ackgate.storage.v1.ReadStatus;
import io.ackgate.storage.v1.Refusal;

/** The enumerations of answers. What is not set, or not known, is refused and never guessed. */
final class AnswerEnums {
    private AnswerEnums() {}

    static Fault encode(StorageAnswer.Fault fault) {
        return switch (fault) {
            case CORRUPT -> Fault.FAULT_CORRUPT;
            case IO_ERROR -> Fault.FAULT_IO_ERROR;
        };
    }

    static StorageAnswer.Fault decode(Fault fault) throws MalformedMessageException {
        return switch (fault) {
            case FAULT_CORRUPT -> StorageAnswer.Fault.CORRUPT;
            case FAULT_IO_ERROR -> StorageAnswer.Fault.IO_ERROR;
            case FAULT_UNSPECIFIED, UNRECOGNIZED -> throw unknown("fault", fault);
        };
    }

    static Refusal encode(StorageAnswer.Refusal refusal) {
        return switch (refusal) {
            case STALE_EPOCH -> Refusal.REFUSAL_STALE_EPOCH;
            case NOT_FENCED -> Refusal.REFUSAL_NOT_FENCED;
            case STALE_SESSION -> Refusal.REFUSAL_STALE_SESSION;
            case NOT_RECONCILED -> Refusal.REFUSAL_NOT_RECONCILED;
            case WRONG_INCARNATION -> Refusal.REFUSAL_WRONG_INCARNATION;
            case GAP -> Refusal.REFUSAL_GAP;
            case CONFLICT -> Refusal.REFUSAL_CONFLICT;
            case CORRUPT_FRAME -> Refusal.REFUSAL_CORRUPT_FRAME;
            case UNSAFE_TRUNCATION -> Refusal.REFUSAL_UNSAFE_TRUNCATION;
            case DISK_FULL -> Refusal.REFUSAL_DISK_FULL;
            case STORAGE_ERROR -> Refusal.REFUSAL_STORAGE_ERROR;
        };
    }

    static StorageAnswer.Refusal decode(Refusal refusal) throws MalformedMessageException {
        return switch (refusal) {
            case REFUSAL_STALE_EPOCH -> StorageAnswer.Refusal.STALE_EPOCH;
            case REFUSAL_NOT_FENCED -> StorageAnswer.Refusal.NOT_FENCED;
            case REFUSAL_STALE_SESSION -> StorageAnswer.Refusal.STALE_SESSION;
            case REFUSAL_NOT_RECONCILED -> StorageAnswer.Refusal.NOT_RECONCILED;
            case REFUSAL_WRONG_INCARNATION -> StorageAnswer.Refusal.WRONG_INCARNATION;
            case REFUSAL_GAP -> StorageAnswer.Refusal.GAP;
            case REFUSAL_CONFLICT -> StorageAnswer.Refusal.CONFLICT;
            case REFUSAL_CORRUPT_FRAME -> StorageAnswer.Refusal.CORRUPT_FRAME;
            case REFUSAL_UNSAFE_TRUNCATION -> StorageAnswer.Refusal.UNSAFE_TRUNCATION;
            case REFUSAL_DISK_FULL -> StorageAnswer.Refusal.DISK_FULL;
            case REFUSAL_STORAGE_ERROR -> StorageAnswer.Refusal.STORAGE_ERROR;
            case REFUSAL_UNSPECIFIED, UNRECOGNIZED -> throw unknown("reason", refusal);
        };
    }

    static ReadStatus encode(StorageAnswer.ReadStatus status) {
        return switch (status) {
            case OK -> ReadStatus.READ_STATUS_OK;
            case OUT_OF_RANGE -> ReadStatus.READ_STATUS_OUT_OF_RANGE;
            case CORRUPT -> ReadStatus.READ_STATUS_CORRUPT;
            case IO_ERROR -> ReadStatus.READ_STATUS_IO_ERROR;
            case NOT_AVAILABLE -> ReadStatus.READ_STATUS_NOT_AVAILABLE;
        };
    }

    static StorageAnswer.ReadStatus decode(ReadStatus status) throws MalformedMessageException {
        return switch (status) {
            case READ_STATUS_OK -> StorageAnswer.ReadStatus.OK;
            case READ_STATUS_OUT_OF_RANGE -> StorageAnswer.ReadStatus.OUT_OF_RANGE;
            case READ_STATUS_CORRUPT -> StorageAnswer.ReadStatus.CORRUPT;
            case READ_STATUS_IO_ERROR -> StorageAnswer.ReadStatus.IO_ERROR;
            case READ_STATUS_NOT_AVAILABLE -> StorageAnswer.ReadStatus.NOT_AVAILABLE;
            case READ_STATUS_UNSPECIFIED, UNRECOGNIZED -> throw unknown("status", status);
        };
    }

    private static MalformedMessageException unknown(String field, Enum<?> value) {
        return new MalformedMessageException(
                field + " is " + value.name() + ", which is not known here");
    }
}
