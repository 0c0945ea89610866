#!/usr/bin/python3
"""Prints the records of a topic, one a line, and goes on where its group has stopped.

usage: consume.py HOST:PORT TOPIC GROUP [MOST]     ends at the end of the topic, or behind MOST records
"""
import sys
import time

import grpc

from ackgate.v1 import consumer_pb2, consumer_pb2_grpc

RETRIABLE = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.ABORTED,
             grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED)
# One record may have 16 MiB; Python takes 4 MiB by default.
OPTIONS = [("grpc.max_receive_message_length", 32 << 20)]


def process(record):
    sys.stdout.buffer.write(record.value + b"\n")


def read(consumer, topic, group):
    """Reads on from the committed offsets, and says how many records it has processed each time."""
    request = consumer_pb2.SubscribeRequest(
        topic=topic, group=group, auto_offset_reset=consumer_pb2.OFFSET_SPEC_EARLIEST,
        max_bytes=64 << 10, stop_at_end=True)
    for answer in consumer.Subscribe(request):
        for record in answer.records:
            process(record)
        sys.stdout.flush()
        # Only now: what is not committed comes again, so that nothing is left out.
        consumer.CommitOffsets(consumer_pb2.CommitOffsetsRequest(
            group=group, topic=topic,
            offsets=[consumer_pb2.CommittedOffset(
                partition=answer.partition, offset=answer.next_offset,
                leader_epoch=answer.leader_epoch)]), timeout=10)
        yield len(answer.records)


def main(address, topic, group, most="1000000000"):
    consumer = consumer_pb2_grpc.ConsumerServiceStub(grpc.insecure_channel(address, OPTIONS))
    left = int(most)
    while True:
        try:
            for count in read(consumer, topic, group):
                left -= count
                if left <= 0:
                    return
            return
        except grpc.RpcError as error:
            if error.code() not in RETRIABLE:
                raise
            print(f"goes on after {error.code().name}: {error.details()}", file=sys.stderr)
            time.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
