using System.Buffers.Binary;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>A write with its storage key and the version it requires, null for any.</summary>
readonly struct KeyedWrite(int table, RowWrite write)
{
    internal RowWrite Write { get; } = write;
    internal byte[] Key { get; } = EntityKey.Of(table, write.PartitionKey, write.RowKey);
    internal long? Required { get; } = TableVersion.Required(write.IfMatch);
}

/// <summary>A write whose conditions hold: the row it changes (0 for a new one), that row's ticks, and what to store.</summary>
readonly record struct PlannedWrite(long RowId, long OldTicks, ReadOnlyMemory<byte> Properties);

/// <summary>A piece of work waiting for the writer: it is applied, then completed after the commit, or failed.</summary>
abstract class PendingWrite
{
    internal abstract void TryApply(TableWriter writer);

    internal abstract void Complete();

    internal abstract void Fail(Exception error);
}

/// <inheritdoc cref="PendingWrite"/>
abstract class PendingWrite<T> : PendingWrite
{
    readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T _result = default!;
    Exception? _refused;

    internal Task<T> Task => _completion.Task;

    internal sealed override void TryApply(TableWriter writer)
    {
        try
        {
            _result = Apply(writer);
        }
        catch (RequestFailedException error)
        {
            _refused = error;
        }
    }

    internal sealed override void Complete()
    {
        if (_refused is null) _completion.SetResult(_result);
        else _completion.SetException(_refused);
    }

    internal sealed override void Fail(Exception error) => _completion.TrySetException(error);

    /// <summary>Checks everything, then writes. A <see cref="RequestFailedException"/> must come before the first write.</summary>
    protected abstract T Apply(TableWriter writer);

    protected static void CheckTable(TableWriter writer, string table, byte[] key)
    {
        if (writer.TableId(table) != BinaryPrimitives.ReadInt32BigEndian(key)) throw TableErrors.TableNotFound(table);
    }
}

/// <summary>One row.</summary>
sealed class SingleWrite(string table, KeyedWrite write) : PendingWrite<Response>
{
    protected override Response Apply(TableWriter writer)
    {
        CheckTable(writer, table, write.Key);
        return new WrittenResponse(writer.Apply(write, writer.Plan(write)));
    }
}

/// <summary>Rows of one partition, all or none.</summary>
sealed class GroupWrite(string table, KeyedWrite[] writes) : PendingWrite<IReadOnlyList<Response>>
{
    protected override IReadOnlyList<Response> Apply(TableWriter writer)
    {
        CheckTable(writer, table, writes[0].Key);
        var plans = new PlannedWrite[writes.Length];
        for (var i = 0; i < plans.Length; i++)
        {
            try
            {
                plans[i] = writer.Plan(writes[i]);
            }
            catch (RequestFailedException error)
            {
                throw TableErrors.At(i, error);
            }
        }
        var responses = new Response[writes.Length];
        for (var i = 0; i < plans.Length; i++) responses[i] = new WrittenResponse(writer.Apply(writes[i], plans[i]));
        return responses;
    }
}

/// <summary>Creates or deletes a table; false when there was nothing to do.</summary>
sealed class TableChange(string table, bool create) : PendingWrite<bool>
{
    protected override bool Apply(TableWriter writer) => create ? writer.CreateTable(table) : writer.DeleteTable(table);
}
