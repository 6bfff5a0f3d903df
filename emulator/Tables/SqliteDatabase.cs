using SQLitePCL;

namespace ServerlessCLM.Emulator;

/// <summary>
/// One connection to a SQLite file, used by one thread at a time. It speaks SQLite's C interface directly, because spans in and
/// out of prepared statements cost no allocation. Failures name the file.
/// </summary>
sealed class SqliteDatabase : IDisposable
{
    readonly sqlite3 _handle;
    readonly string _path;
    readonly string _what;

    static SqliteDatabase() => Batteries_V2.Init();

    internal SqliteDatabase(string path, bool readOnly, string what = "Table storage")
    {
        _path = path;
        _what = what;
        var flags = (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE) | raw.SQLITE_OPEN_NOMUTEX;
        var result = raw.sqlite3_open_v2(path, out _handle, flags, null);
        try
        {
            Check(result);
            raw.sqlite3_extended_result_codes(_handle, 1);
            raw.sqlite3_busy_timeout(_handle, 5000);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    /// <summary>Another connection to the file, for another thread.</summary>
    internal SqliteDatabase OpenBeside() => new(_path, readOnly: false, _what);

    internal void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    internal SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new SqliteStatement(this, statement);
    }

    internal bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Rows changed by the last statement.</summary>
    internal int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Copies the log back into the file; (frames in the log, frames copied).</summary>
    internal (int Frames, int Copied) Checkpoint(int mode)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(_handle, null, mode, out var frames, out var copied);
        if ((result & 0xFF) is not (raw.SQLITE_BUSY or raw.SQLITE_LOCKED)) Check(result);
        return (frames, copied);
    }

    internal void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)) throw Failure(result);
    }

    Exception Failure(int result)
    {
        var reason = $"{raw.sqlite3_errmsg(_handle).utf8_to_string()} (SQLite {result})";
        return (result & 0xFF) switch
        {
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new InvalidDataException(
                $"{_what} '{_path}' is damaged: {reason}. Restore it from a copy, or remove it with its -wal and -shm files."),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN or raw.SQLITE_AUTH => new UnauthorizedAccessException(
                $"{_what} '{_path}' cannot be opened for writing: {reason}."),
            raw.SQLITE_FULL => new IOException($"{_what} '{_path}' cannot grow, the disk is full: {reason}."),
            _ => new IOException($"{_what} '{_path}' failed: {reason}."),
        };
    }

    public void Dispose() => _handle.Dispose();
}

/// <summary>A prepared statement; parameters count from 1, columns from 0.</summary>
sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    internal void Bind(int parameter, long value) => database.Check(raw.sqlite3_bind_int64(handle, parameter, value));

    internal void Bind(int parameter, ReadOnlySpan<byte> value) => database.Check(value.IsEmpty
        ? raw.sqlite3_bind_zeroblob(handle, parameter, 0)
        : raw.sqlite3_bind_blob(handle, parameter, value));

    internal void Bind(int parameter, string value) => database.Check(raw.sqlite3_bind_text(handle, parameter, value));

    /// <summary>Moves to the next row; false, and ready for the next use, after the last.</summary>
    internal bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW) return true;
        if (result != raw.SQLITE_DONE)
        {
            try
            {
                database.Check(result);
            }
            finally
            {
                Reset();
            }
        }
        Reset();
        return false;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    internal void Run()
    {
        if (Step()) Reset();
    }

    internal void Reset() => raw.sqlite3_reset(handle);

    internal long Integer(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>Valid until the next step or reset.</summary>
    internal ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    internal string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public void Dispose() => handle.Dispose();
}
