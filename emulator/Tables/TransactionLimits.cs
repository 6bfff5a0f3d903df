using System.Buffers.Text;
using System.Text;
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
            throw TableErrors.At(EntityLimits.MaxGroup - 1, TableErrors.InvalidInput(
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
                EntityLimits.Check(write);
                size += PayloadOf(write);
            }
            catch (RequestFailedException error)
            {
                throw TableErrors.At(i, error);
            }
        }
        if (size > EntityLimits.MaxGroupBytes)
        {
            throw new TableTransactionFailedException(new RequestFailedException(413,
                $"The transaction takes {size} bytes as a request; at most {EntityLimits.MaxGroupBytes} are allowed.", "RequestBodyTooLarge", null));
        }
    }

    /// <summary>About what a write takes of the request, where bytes are base64 and every type but the plainest is named.</summary>
    static int PayloadOf(RowWrite write)
    {
        const int Frame = 400, Punctuation = 30;
        var size = Frame + 2 * (Encoding.UTF8.GetByteCount(write.PartitionKey) + Encoding.UTF8.GetByteCount(write.RowKey));
        var rest = write.Properties.Span;
        while (EntityCodec.TryNext(ref rest, out var property))
        {
            size += Punctuation + 2 * property.Name.Length + property.Type switch
            {
                PropertyType.String => property.Value.Length,
                PropertyType.Binary => Base64.GetMaxEncodedToUtf8Length(property.Value.Length),
                _ => 20,
            };
        }
        return size;
    }
}
