using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>A row of a table: two keys, the service's timestamp and version.</summary>
public interface ITableEntity
{
    /// <summary>At most 1 KiB as UTF-16; none of / \ # ? or control characters.</summary>
    string PartitionKey { get; set; }

    /// <summary>Unique inside the partition; the same rules as <see cref="PartitionKey"/>.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last wrote the row, UTC; ignored on the way in.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The row's version, as <c>W/"datetime'…'"</c>.</summary>
    ETag ETag { get; set; }
}
