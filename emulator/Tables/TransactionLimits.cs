using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>The rules of an entity-group transaction.</summary>
static class TransactionLimits
{
    /// <exception cref="TableTransactionFailedException">The writes are too many, of several partitions, of one row twice, or too large.</exception>
    internal static void Check(IReadOnlyList<RowWrite> writes)
    {
        if (writes.Count > EntityLimits.MaxGroup)
        {
            throw TableErrors.At(EntityLimits.MaxGroup, TableErrors.InvalidInput(
                $"The transaction has {writes.Count} actions; at most {EntityLimits.MaxGroup} are allowed."));
        }
        var rows = new HashSet<string>(writes.Count);
        var size = 0;
        for (var i = 0; i < writes.Count; i++)
        {
            var write = writes[i];
            if (!string.Equals(write.PartitionKey, writes[0].PartitionKey, StringComparison.Ordinal))
            {
                throw TableErrors.At(i, TableErrors.BadRequest("CommandsInBatchActOnDifferentPartitions",
                    $"All actions of a transaction act on one partition; '{write.PartitionKey}' is not '{writes[0].PartitionKey}'."));
            }
            if (!rows.Add(write.RowKey))
            {
                throw TableErrors.At(i, TableErrors.BadRequest("InvalidDuplicateRow",
                    $"Row '{write.RowKey}' appears twice; a transaction may act on a row once."));
            }
            try
            {
                size += EntityLimits.Check(write);
            }
            catch (RequestFailedException error)
            {
                throw TableErrors.At(i, error);
            }
        }
        if (size > EntityLimits.MaxGroupBytes)
        {
            throw new TableTransactionFailedException(new RequestFailedException(413,
                $"The transaction takes {size} bytes; at most {EntityLimits.MaxGroupBytes} are allowed.", "RequestBodyTooLarge", null));
        }
    }
}
