using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>What an action of an entity-group transaction does to its row.</summary>
public enum TableTransactionActionType
{
    /// <summary>Inserts; 409 when the row exists.</summary>
    Add = 0,

    /// <summary>Changes the named properties of an existing row, if its ETag matches.</summary>
    UpdateMerge = 1,

    /// <summary>Replaces an existing row, if its ETag matches.</summary>
    UpdateReplace = 2,

    /// <summary>Deletes an existing row, if its ETag matches.</summary>
    Delete = 3,

    /// <summary>Inserts, or changes the named properties.</summary>
    UpsertMerge = 4,

    /// <summary>Inserts or replaces.</summary>
    UpsertReplace = 5,
}

/// <summary>How an update treats properties that the given entity does not name.</summary>
public enum TableUpdateMode
{
    /// <summary>Keeps them.</summary>
    Merge = 0,

    /// <summary>Removes them.</summary>
    Replace = 1,
}

/// <summary>One action of an entity-group transaction; a default ETag means any version.</summary>
public class TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity, ETag etag = default)
{
    /// <summary>An action on any version of the row.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity) : this(actionType, entity, default) { }

    /// <summary>What to do.</summary>
    public TableTransactionActionType ActionType { get; } = actionType;

    /// <summary>The row to do it to.</summary>
    public ITableEntity Entity { get; } = entity ?? throw new ArgumentNullException(nameof(entity));

    /// <summary>The version the row must have; default for any.</summary>
    public ETag ETag { get; } = etag;
}

/// <summary>An entity-group transaction was refused as a whole: nothing of it was written.</summary>
/// <remarks>As from the service, the message of a failed action starts with its index and a colon.</remarks>
public class TableTransactionFailedException(RequestFailedException requestFailedException)
    : RequestFailedException(requestFailedException.Status, requestFailedException.Message,
        requestFailedException.ErrorCode, requestFailedException.InnerException)
{
    /// <summary>The index of the action that failed, from 0; null when the transaction as a whole is at fault.</summary>
    public int? FailedTransactionActionIndex { get; } = IndexIn(requestFailedException.Message);

    static int? IndexIn(string message)
    {
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(message.AsSpan(0, colon), out var index) ? index : null;
    }
}

/// <summary>A table, as the service lists it.</summary>
public class TableItem(string name)
{
    /// <summary>The table's name.</summary>
    public string Name { get; } = name;
}
