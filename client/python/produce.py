#!/usr/bin/python3
"""Writes each line of standard input as a record of one partition, once, whatever is retried.

usage: produce.py HOST:PORT TOPIC [PARTITION]
"""
import itertools
import random
import sys
import time

import grpc

from ackgate.v1 import producer_pb2, producer_pb2_grpc, record_pb2

# What may go away by itself has one of these. Everything else ends the same way if it is sent again.
RETRIABLE = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.ABORTED,
             grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED)
BATCH = 100


def retried(call, request, patience=120.0):
    """Sends the same request until it is answered. With a producer's sequence that writes once."""
    wait, end = 0.1, time.monotonic() + patience
    while True:
        try:
            return call(request, timeout=10)
        except grpc.RpcError as error:
            if error.code() not in RETRIABLE or time.monotonic() > end:
                raise
            time.sleep(wait * random.uniform(0.8, 1.2))
            wait = min(2 * wait, 1.0)


def main(address, topic, partition="0"):
    producer = producer_pb2_grpc.ProducerServiceStub(grpc.insecure_channel(address))
    me = retried(producer.InitProducer, producer_pb2.InitProducerRequest())
    lines = (line.rstrip(b"\n") for line in sys.stdin.buffer)
    sequence = 0
    while batch := list(itertools.islice(lines, BATCH)):
        request = producer_pb2.ProduceRequest(
            topic=topic, partition=int(partition), acks=producer_pb2.ACKS_ALL, timeout_ms=5000,
            producer=producer_pb2.ProducerSequence(
                producer_id=me.producer_id, producer_epoch=me.producer_epoch,
                base_sequence=sequence),
            records=[record_pb2.ProducerRecord(value=line) for line in batch])
        receipt = retried(producer.Produce, request).receipts[0]
        again = ", which was there already" if receipt.duplicate else ""
        print(f"{len(batch)} records at offset {receipt.base_offset}{again}", flush=True)
        # One for each record, in each partition by itself; after 2147483647 comes 0.
        sequence = (sequence + len(batch)) % 2**31


if __name__ == "__main__":
    main(*sys.argv[1:])
