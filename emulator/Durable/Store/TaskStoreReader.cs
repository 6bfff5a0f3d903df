namespace ServerlessCLM.Emulator;

/// <summary>One connection that reads the store; used by one thread at a time.</summary>
internal sealed class TaskStoreReader : IDisposable
{
    const string Columns = "key, id, execution, status, created, updated, ended, start, result";

    readonly SqliteDatabase database;
    readonly SqliteStatement byKey;
    readonly SqliteStatement byId;
    readonly SqliteStatement list;
    readonly SqliteStatement history;
    readonly SqliteStatement messages;
    readonly SqliteStatement activity;
    readonly SqliteStatement children;

    public TaskStoreReader(SqliteDatabase database)
    {
        this.database = database;
        byKey = database.Prepare($"SELECT {Columns} FROM instances WHERE key = ?1");
        byId = database.Prepare($"SELECT {Columns} FROM instances WHERE id = ?1");
        list = database.Prepare($"SELECT {Columns} FROM instances WHERE id > ?1 AND id >= ?2 ORDER BY id");
        history = database.Prepare("SELECT events FROM history WHERE instance = ?1 ORDER BY turn");
        messages = database.Prepare("SELECT sequence, due, body FROM messages WHERE instance = ?1 AND due <= ?2 ORDER BY due, sequence");
        activity = database.Prepare("SELECT body FROM activities WHERE sequence = ?1");
        children = database.Prepare("SELECT key FROM instances WHERE parent = ?1");
    }

    public StoredInstance? Instance(long key)
    {
        byKey.Bind(1, key);
        return Only(byKey);
    }

    public StoredInstance? Instance(string id)
    {
        byId.Bind(1, id);
        return Only(byId);
    }

    /// <summary>Instances in the order of their ids, from after one on.</summary>
    /// <param name="after">The id before; empty for the beginning.</param>
    /// <param name="prefix">How ids begin; empty for any.</param>
    /// <param name="fits">Which to take.</param>
    /// <param name="take">At most how many.</param>
    public List<StoredInstance> List(string after, string prefix, Func<StoredInstance, bool> fits, int take)
    {
        var found = new List<StoredInstance>();
        list.Bind(1, after);
        list.Bind(2, prefix);
        try
        {
            while (found.Count < take && list.Step())
            {
                var instance = Read(list);
                if (!instance.Start.InstanceId.StartsWith(prefix, StringComparison.Ordinal))
                    break;
                if (fits(instance))
                    found.Add(instance);
            }
        }
        finally
        {
            list.Reset();
        }

        return found;
    }

    /// <summary>Everything that has happened to an instance in its present execution, and in how many turns.</summary>
    public (List<HistoryEvent> Events, int Turns) History(long key, string id)
    {
        var events = new List<HistoryEvent>();
        var turns = 0;
        history.Bind(1, key);
        try
        {
            for (; history.Step(); turns++)
                HistoryCodec.ReadAll(history.Blob(0), $"The history of instance '{id}'", events);
        }
        finally
        {
            history.Reset();
        }

        return (events, turns);
    }

    /// <summary>The messages that are due, in their order.</summary>
    public List<StoredMessage> Messages(long key, string id, long now)
    {
        var found = new List<StoredMessage>();
        messages.Bind(1, key);
        messages.Bind(2, now);
        try
        {
            while (messages.Step())
                found.Add(StoredMessage.Read(id, messages.Blob(2), messages.Integer(1), messages.Integer(0)));
        }
        finally
        {
            messages.Reset();
        }

        return found;
    }

    /// <summary>Everything that waits in the store: messages with their time, then activities.</summary>
    public List<StoreEffect> Waiting()
    {
        using var all = database.Prepare("SELECT DISTINCT instance, due FROM messages ORDER BY due, sequence");
        using var scheduled = database.Prepare("SELECT sequence FROM activities ORDER BY sequence");
        var found = new List<StoreEffect>();
        while (all.Step())
            found.Add(new(StoreEffectKind.Message, all.Integer(0), all.Integer(1)));
        while (scheduled.Step())
            found.Add(new(StoreEffectKind.Activity, scheduled.Integer(0)));
        return found;
    }

    public StoredActivity? Activity(long sequence)
    {
        activity.Bind(1, sequence);
        try
        {
            return activity.Step() ? StoredActivity.Read(sequence, activity.Blob(0)) : null;
        }
        finally
        {
            activity.Reset();
        }
    }

    public List<long> Children(long parent)
    {
        var found = new List<long>();
        children.Bind(1, parent);
        while (children.Step())
            found.Add(children.Integer(0));
        return found;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { byKey, byId, list, history, messages, activity, children })
            statement.Dispose();
        database.Dispose();
    }

    static StoredInstance? Only(SqliteStatement statement)
    {
        try
        {
            return statement.Step() ? Read(statement) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    static StoredInstance Read(SqliteStatement row)
    {
        var id = row.Text(1);
        return new(
            row.Integer(0),
            row.Integer(2),
            (OrchestrationRuntimeStatus)row.Integer(3),
            row.Integer(4),
            row.Integer(5),
            row.Integer(6),
            StoredInstance.ReadStart(id, row.Blob(7)),
            InstanceResult.Read(id, row.Blob(8)));
    }
}
