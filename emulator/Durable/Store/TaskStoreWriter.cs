namespace ServerlessCLM.Emulator;

/// <summary>What a commit brings to life outside the store.</summary>
internal readonly record struct StoreEffect(StoreEffectKind Kind, long Key, long Due = 0, string? InstanceId = null);

internal enum StoreEffectKind
{
    /// <summary>The instance <c>Key</c> has a message, due at <c>Due</c>.</summary>
    Message,

    /// <summary>The activity <c>Key</c> is to run.</summary>
    Activity,

    /// <summary>The status of <c>InstanceId</c> may have changed.</summary>
    Changed,
}

/// <summary>The changes that work can make, on the writer's connection and inside its transaction.</summary>
internal sealed class TaskStoreWriter : IDisposable
{
    readonly SqliteDatabase database;
    readonly TimeProvider time;
    readonly SqliteStatement begin;
    readonly SqliteStatement commit;
    readonly SqliteStatement insertInstance;
    readonly SqliteStatement updateInstance;
    readonly SqliteStatement updateStart;
    readonly SqliteStatement insertTurn;
    readonly SqliteStatement insertMessage;
    readonly SqliteStatement deleteMessage;
    readonly SqliteStatement insertActivity;
    readonly SqliteStatement deleteActivity;
    readonly SqliteStatement findStatus;
    readonly SqliteStatement findId;
    readonly SqliteStatement findChildren;
    readonly SqliteStatement updateLast;
    readonly SqliteStatement[] deletes;
    long last;
    long storedLast;
    long lastDue;

    public TaskStoreWriter(SqliteDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        insertInstance = database.Prepare(
            "INSERT INTO instances (key, id, execution, status, created, updated, ended, parent, start, result) VALUES (?1, ?2, 1, ?3, ?4, ?4, 0, ?5, ?6, ?7)");
        updateInstance = database.Prepare("UPDATE instances SET status = ?2, updated = ?3, ended = ?4, execution = ?5, result = ?6 WHERE key = ?1");
        updateStart = database.Prepare("UPDATE instances SET start = ?2 WHERE key = ?1");
        insertTurn = database.Prepare("INSERT INTO history (instance, turn, events) VALUES (?1, ?2, ?3)");
        insertMessage = database.Prepare("INSERT INTO messages (instance, due, sequence, body) VALUES (?1, ?2, ?3, ?4)");
        deleteMessage = database.Prepare("DELETE FROM messages WHERE instance = ?1 AND due = ?2 AND sequence = ?3");
        insertActivity = database.Prepare("INSERT INTO activities (sequence, body) VALUES (?1, ?2)");
        deleteActivity = database.Prepare("DELETE FROM activities WHERE sequence = ?1");
        findStatus = database.Prepare("SELECT status, execution FROM instances WHERE key = ?1");
        findId = database.Prepare("SELECT key, status FROM instances WHERE id = ?1");
        findChildren = database.Prepare("SELECT key FROM instances WHERE parent = ?1");
        deletes =
        [
            database.Prepare("DELETE FROM messages WHERE instance = ?1"),
            database.Prepare("DELETE FROM history WHERE instance = ?1"),
            database.Prepare("DELETE FROM instances WHERE key = ?1"),
        ];
        updateLast = database.Prepare("UPDATE numbers SET last = ?1");
        database.Execute("""
            INSERT INTO numbers (last) SELECT max((SELECT ifnull(max(key), 0) FROM instances), (SELECT ifnull(max(sequence), 0) FROM messages),
                (SELECT ifnull(max(sequence), 0) FROM activities)) WHERE NOT EXISTS (SELECT 1 FROM numbers)
            """);
        last = storedLast = Most("SELECT last FROM numbers");
    }

    /// <summary>What the work in the present transaction brings to life.</summary>
    public List<StoreEffect> Effects { get; } = [];

    /// <summary>Bytes written since the log was last copied back, roughly.</summary>
    public long LogBytes { get; set; }

    public void Begin()
    {
        Effects.Clear();
        begin.Run();
        lastDue = Math.Max(lastDue, time.GetUtcNow().UtcTicks);
    }

    public void Commit()
    {
        if (last != storedLast)
        {
            // Numbers are kept because those of messages that histories have taken in must not come again.
            updateLast.Bind(1, last);
            updateLast.Run();
        }

        commit.Run();
        storedLast = last;
    }

    public void Rollback()
    {
        Effects.Clear();
        if (database.InTransaction)
            database.Execute("ROLLBACK");
    }

    /// <summary>The instance of an id: its key and status; null when there is none.</summary>
    public (long Key, OrchestrationRuntimeStatus Status)? Find(string id)
    {
        findId.Bind(1, id);
        if (!findId.Step())
            return null;
        var found = (findId.Integer(0), (OrchestrationRuntimeStatus)findId.Integer(1));
        findId.Reset();
        return found;
    }

    /// <summary>Whether the instance is there, has not ended, and is in that execution; 0 for any.</summary>
    public bool IsLive(long key, long execution)
    {
        findStatus.Bind(1, key);
        if (!findStatus.Step())
            return false;
        var live = !((OrchestrationRuntimeStatus)findStatus.Integer(0)).IsTerminal() && (execution == 0 || findStatus.Integer(1) == execution);
        findStatus.Reset();
        return live;
    }

    /// <summary>Adds an instance, and the message that starts it.</summary>
    public long Start(OrchestrationStart start, DateTimeOffset? startAt)
    {
        var key = ++last;
        insertInstance.Bind(1, key);
        insertInstance.Bind(2, start.InstanceId);
        insertInstance.Bind(3, (long)OrchestrationRuntimeStatus.Pending);
        insertInstance.Bind(4, time.GetUtcNow().UtcTicks);
        insertInstance.Bind(5, start.Caller?.Key ?? 0);
        Bind(insertInstance, 6, StoredInstance.Write(start));
        Bind(insertInstance, 7, new InstanceResult(CustomStatus: null).Write());
        insertInstance.Run();
        Send(key, 1, new(HistoryKind.ExecutionStarted), startAt?.UtcTicks ?? 0);
        Changed(start.InstanceId);
        return key;
    }

    /// <summary>Adds a message to an instance, due at once or at a time. One that is due by now comes after all that came before.</summary>
    public void Send(long key, long execution, HistoryEvent message, long due = 0) =>
        Insert(key, new(message, execution), due > lastDue ? due : lastDue, ++last);

    /// <summary>Gives a message back its place.</summary>
    public void Return(long key, HistoryEvent message) => Insert(key, new(message, 0), message.Due, message.Sequence);

    public void Remove(long key, HistoryEvent message)
    {
        deleteMessage.Bind(1, key);
        deleteMessage.Bind(2, message.Due);
        deleteMessage.Bind(3, message.Sequence);
        deleteMessage.Run();
    }

    public void AddTurn(long key, int turn, FieldWriter events)
    {
        insertTurn.Bind(1, key);
        insertTurn.Bind(2, turn);
        Bind(insertTurn, 3, events);
        insertTurn.Run();
    }

    public void Update(long key, OrchestrationRuntimeStatus status, long now, long execution, InstanceResult result)
    {
        updateInstance.Bind(1, key);
        updateInstance.Bind(2, (long)status);
        updateInstance.Bind(3, now);
        updateInstance.Bind(4, status.IsTerminal() ? now : 0);
        updateInstance.Bind(5, execution);
        Bind(updateInstance, 6, result.Write());
        updateInstance.Run();
    }

    public void UpdateStart(long key, OrchestrationStart start)
    {
        updateStart.Bind(1, key);
        Bind(updateStart, 2, StoredInstance.Write(start));
        updateStart.Run();
    }

    public void AddActivity(StoredActivity activity)
    {
        var sequence = ++last;
        insertActivity.Bind(1, sequence);
        Bind(insertActivity, 2, activity.Write());
        insertActivity.Run();
        Effects.Add(new(StoreEffectKind.Activity, sequence));
    }

    /// <returns>Whether it was there.</returns>
    public bool RemoveActivity(long sequence)
    {
        deleteActivity.Bind(1, sequence);
        deleteActivity.Run();
        return database.Changes > 0;
    }

    public void ClearMessages(long key) => Delete(deletes[0], key);

    public void ClearHistory(long key) => Delete(deletes[1], key);

    /// <summary>Removes all of an instance.</summary>
    public void Purge(long key)
    {
        foreach (var delete in deletes)
            Delete(delete, key);
    }

    public List<long> Children(long parent)
    {
        var found = new List<long>();
        findChildren.Bind(1, parent);
        while (findChildren.Step())
            found.Add(findChildren.Integer(0));
        return found;
    }

    public void Changed(string id) => Effects.Add(new(StoreEffectKind.Changed, 0, 0, id));

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])
            [
                begin, commit, insertInstance, updateInstance, updateStart, insertTurn, insertMessage, deleteMessage, insertActivity,
                deleteActivity, findStatus, findId, findChildren, updateLast, .. deletes,
            ])
        {
            statement.Dispose();
        }
    }

    void Insert(long key, StoredMessage message, long due, long sequence)
    {
        insertMessage.Bind(1, key);
        insertMessage.Bind(2, due);
        insertMessage.Bind(3, sequence);
        Bind(insertMessage, 4, message.Write());
        insertMessage.Run();
        Effects.Add(new(StoreEffectKind.Message, key, due));
    }

    void Bind(SqliteStatement statement, int parameter, FieldWriter value)
    {
        LogBytes += 4096 + value.Written.Length;
        statement.Bind(parameter, value.Written);
    }

    static void Delete(SqliteStatement statement, long key)
    {
        statement.Bind(1, key);
        statement.Run();
    }

    long Most(string sql)
    {
        using var statement = database.Prepare(sql);
        statement.Step();
        var value = statement.Integer(0);
        statement.Reset();
        return value;
    }
}
