using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ServerlessCLM.Emulator;

/// <summary>
/// How far a consumer group has come in each partition of a hub. A checkpoint is one small write without a flush: losing the last ones
/// delivers some events again, which consumers must bear anyway.
/// </summary>
sealed class ConsumerGroup : IDisposable
{
    const int SlotBytes = 24;
    // Slots in different sectors: a write that is cut short damages the older checkpoint only.
    const int SlotSpacing = 512;

    readonly PartitionLog[] _partitions;
    readonly Checkpoint[] _checkpoints;
    readonly Pulse _moved = new();

    public ConsumerGroup(string directory, PartitionLog[] partitions, ILogger logger, HubFaults? faults = null)
    {
        Name = Path.GetFileName(directory);
        Directory.CreateDirectory(directory);
        _partitions = partitions;
        _checkpoints = Array.ConvertAll(partitions, partition => Checkpoint.Open(Path.Combine(directory, partition.Id), logger, faults));
    }

    /// <summary>The group's name, in lower case.</summary>
    public string Name { get; }

    /// <summary>The sequence number that comes next in a partition; null when the group has never been there.</summary>
    public long? Position(int partition)
    {
        var next = Volatile.Read(ref _checkpoints[partition].Next);
        return next < 0 ? null : next;
    }

    /// <summary>Notes that everything before a sequence number has been dealt with.</summary>
    public void MoveTo(int partition, long nextSequenceNumber)
    {
        _checkpoints[partition].Write(nextSequenceNumber);
        _moved.Fire();
    }

    /// <summary>The events stored and not yet dealt with.</summary>
    public long Lag()
    {
        var lag = 0L;
        for (var i = 0; i < _partitions.Length; i++)
        {
            // The position first: the end read after it cannot be behind it.
            var position = Math.Max(Position(i) ?? 0, _partitions[i].FirstSequenceNumber);
            // A position beyond the end is that of a log which was replaced.
            lag += Math.Max(0, _partitions[i].NextSequenceNumber - position);
        }
        return lag;
    }

    /// <summary>Returns once every event stored has been dealt with.</summary>
    public async Task WaitUntilDrainedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var moved = _moved.Next();
            if (Lag() == 0) return;
            await moved.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        foreach (var checkpoint in _checkpoints)
            checkpoint.Dispose();
    }

    /// <summary>A file of two slots written in turn; the intact one with the higher turn counts.
    /// Slot: next sequence number (int64), turn (int64), CRC32C of both (uint32).</summary>
    sealed class Checkpoint : IDisposable
    {
        readonly Lock _writing = new();
        readonly SafeFileHandle _file;
        readonly string _path;
        readonly HubFaults? _faults;
        readonly byte[] _slot = new byte[SlotBytes];
        long _turn;
        public long Next = -1;

        Checkpoint(SafeFileHandle file, string path, HubFaults? faults) => (_file, _path, _faults) = (file, path, faults);

        public static Checkpoint Open(string path, ILogger logger, HubFaults? faults)
        {
            var checkpoint = new Checkpoint(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite), path, faults);
            checkpoint.ReadSlot(0);
            checkpoint.ReadSlot(1);
            if (checkpoint.Next < 0 && RandomAccess.GetLength(checkpoint._file) > 0) EventHubsLog.CheckpointLost(logger, path);
            return checkpoint;
        }

        public void Write(long next)
        {
            lock (_writing)
            {
                var turn = _turn + 1;
                BinaryPrimitives.WriteInt64LittleEndian(_slot, next);
                BinaryPrimitives.WriteInt64LittleEndian(_slot.AsSpan(8), turn);
                BinaryPrimitives.WriteUInt32LittleEndian(_slot.AsSpan(16), Crc32C.Append(uint.MaxValue, _slot.AsSpan(0, 16)));
                var fault = _faults?.Checkpointing(_path, turn % 2 * SlotSpacing, SlotBefore(turn % 2 * SlotSpacing));
                RandomAccess.Write(_file, _slot, turn % 2 * SlotSpacing);
                _faults?.Checkpointed(fault);
                // Not before: a write that failed may have damaged its slot, and the next must not go to the other.
                _turn = turn;
                Volatile.Write(ref Next, next);
            }
        }

        public void Dispose() => _file.Dispose();

        byte[] SlotBefore(long offset)
        {
            var before = new byte[SlotBytes];
            RandomAccess.Read(_file, before, offset);
            return before;
        }

        void ReadSlot(int slot)
        {
            if (RandomAccess.Read(_file, _slot, slot * SlotSpacing) < SlotBytes) return;
            if (BinaryPrimitives.ReadUInt32LittleEndian(_slot.AsSpan(16)) != Crc32C.Append(uint.MaxValue, _slot.AsSpan(0, 16))) return;
            var turn = BinaryPrimitives.ReadInt64LittleEndian(_slot.AsSpan(8));
            if (turn <= _turn) return;
            _turn = turn;
            Next = BinaryPrimitives.ReadInt64LittleEndian(_slot);
        }
    }
}
