using System.Security.Cryptography;
using System.Text.Json;

namespace ServerlessCLM.Emulator;

/// <summary>
/// Blobs as files, a folder per container. Each version of a blob's content is a file of its own, never changed; the record
/// beside it (<c>NAME.json</c>) names the content in force, and renaming a new record into place is what commits a change. So a
/// blob, its headers and metadata change together or not at all, and a reader keeps the version it opened. What a crash leaves
/// uncommitted is swept at the next start.
/// </summary>
sealed class BlobStore : IBlobBackend
{
    const string RecordSuffix = ".json";
    const string ContainerFile = ".container";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    readonly string _root;
    readonly TimeProvider _time;
    readonly Lock[] _locks = Enumerable.Range(0, 64).Select(_ => new Lock()).ToArray();
    long _lastTicks;

    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    internal BlobStore(string root, TimeProvider time)
    {
        _root = root;
        _time = time;
        Directory.CreateDirectory(root);
        foreach (var folder in Directory.EnumerateDirectories(root)) Sweep(folder);
    }

    public async Task<BlobContainerInfo?> CreateContainerAsync(string container, CancellationToken cancellation)
    {
        BlobNames.CheckContainer(container);
        var folder = Directory.CreateDirectory(Path.Combine(_root, container)).FullName;
        var file = Path.Combine(folder, ContainerFile);
        if (File.Exists(file)) return null;
        var ticks = NextTicks(0);
        var pending = file + "." + RandomNumberGenerator.GetHexString(16, lowercase: true);
        await File.WriteAllTextAsync(pending, ticks.ToString(), cancellation);
        try
        {
            File.Move(pending, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(pending);
            return null;
        }
        return InfoOf(ticks);
    }

    public async Task<BlobContainerInfo?> FindContainerAsync(string container, CancellationToken cancellation)
    {
        BlobNames.CheckContainer(container);
        var file = Path.Combine(_root, container, ContainerFile);
        return File.Exists(file) ? InfoOf(long.Parse(await File.ReadAllTextAsync(file, cancellation))) : null;
    }

    public Task<bool> DeleteContainerAsync(string container, CancellationToken cancellation)
    {
        BlobNames.CheckContainer(container);
        var folder = Path.Combine(_root, container);
        if (!File.Exists(Path.Combine(folder, ContainerFile))) return Task.FromResult(false);
        var removed = Path.Combine(_root, "." + RandomNumberGenerator.GetHexString(16, lowercase: true));
        Directory.Move(folder, removed);
        Directory.Delete(removed, recursive: true);
        return Task.FromResult(true);
    }

    public async Task<BlobContentInfo> UploadAsync(
        string container, string blob, Stream content, BlobUploadOptions options, CancellationToken cancellation)
    {
        var file = FileOf(container, blob);
        var metadata = new Dictionary<string, string>(options.Metadata ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        BlobNames.CheckMetadata(metadata);
        var version = "." + RandomNumberGenerator.GetHexString(16, lowercase: true);
        long length;
        try
        {
            await using var output = new FileStream(file + version, FileMode.CreateNew, FileAccess.Write);
            await content.CopyToAsync(output, cancellation);
            output.Flush(flushToDisk: true);
            length = output.Length;
        }
        catch
        {
            File.Delete(file + version);
            throw;
        }
        try
        {
            var written = Change(container, blob, options.Conditions, old => new BlobFile(blob, 0, old?.CreatedTicks ?? 0, length, version,
                options.HttpHeaders ?? new BlobHttpHeaders { ContentType = "application/octet-stream" }, metadata));
            return new BlobContentInfo(written.ETag, written.LastModified);
        }
        catch
        {
            File.Delete(file + version);
            throw;
        }
    }

    public Task<BlobInfo> SetMetadataAsync(string container, string blob, IDictionary<string, string> metadata,
        BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        BlobNames.CheckMetadata(metadata);
        var written = Change(container, blob, conditions, old => (old ?? throw BlobErrors.BlobNotFound(container, blob)) with
        {
            Metadata = new Dictionary<string, string>(metadata, StringComparer.OrdinalIgnoreCase),
        });
        return Task.FromResult(new BlobInfo(written.ETag, written.LastModified));
    }

    public Task<BlobRecord> GetAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation) =>
        Task.FromResult(Find(container, blob, conditions).ToRecord());

    public Task<(BlobRecord Record, Stream Content)> OpenAsync(
        string container, string blob, long position, BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        var file = FileOf(container, blob);
        for (string? missing = null; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var record = Find(container, blob, conditions);
            try
            {
                var content = new FileStream(file + record.Content, new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.Read,
                    Share = FileShare.Read | FileShare.Delete,
                    Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                });
                content.Position = position;
                return Task.FromResult((record.ToRecord(), (Stream)content));
            }
            catch (FileNotFoundException error) when (record.Content == missing)
            {
                throw new InvalidDataException($"Blob '{container}/{blob}' has lost its content '{file + record.Content}'.", error);
            }
            catch (FileNotFoundException)
            {
                missing = record.Content; // Overwritten between the two reads: the next record names the new content.
            }
        }
    }

    BlobFile Find(string container, string blob, BlobRequestConditions? conditions)
    {
        var record = Read(FileOf(container, blob)) ?? throw BlobErrors.BlobNotFound(container, blob);
        BlobConditions.CheckRead(container, record.ToRecord(), conditions);
        return record;
    }

    public Task DeleteAsync(string container, string blob, BlobRequestConditions? conditions, CancellationToken cancellation)
    {
        var file = FileOf(container, blob);
        lock (LockOf(file))
        {
            var record = Read(file) ?? throw BlobErrors.BlobNotFound(container, blob);
            BlobConditions.CheckWrite(container, blob, record.ToRecord(), conditions);
            File.Delete(file + RecordSuffix);
            File.Delete(file + record.Content);
        }
        return Task.CompletedTask;
    }

    public Task<BlobPage> ListAsync(
        string container, string? prefix, BlobTraits traits, string? continuation, int take, CancellationToken cancellation)
    {
        CheckContainer(container);
        prefix ??= "";
        var records = new List<BlobRecord>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(_root, container), "*" + RecordSuffix))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Read(path[..^RecordSuffix.Length]) is { } record
                && record.Name.StartsWith(prefix, StringComparison.Ordinal)
                && (continuation is null || string.CompareOrdinal(record.Name, continuation) > 0)) records.Add(record.ToRecord());
        }
        records.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return Task.FromResult(records.Count > take
            ? new BlobPage(records[..take], records[take - 1].Name)
            : new BlobPage(records, null));
    }

    BlobFile Change(string container, string blob, BlobRequestConditions? conditions, Func<BlobFile?, BlobFile> change)
    {
        var file = FileOf(container, blob);
        lock (LockOf(file))
        {
            CheckContainer(container);
            var old = Read(file);
            BlobConditions.CheckWrite(container, blob, old?.ToRecord(), conditions);
            var changed = change(old);
            var ticks = NextTicks(old?.Ticks ?? 0);
            changed = changed with { Ticks = ticks, CreatedTicks = old?.CreatedTicks ?? ticks };
            using (var output = new FileStream(file + ".pending", FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(output, changed, Json);
                output.Flush(flushToDisk: true);
            }
            File.Move(file + ".pending", file + RecordSuffix, overwrite: true);
            if (old is not null && old.Content != changed.Content) File.Delete(file + old.Content);
            return changed;
        }
    }

    string FileOf(string container, string blob)
    {
        CheckContainer(container);
        BlobNames.CheckBlob(blob);
        return Path.Combine(_root, container, BlobNames.FileOf(blob));
    }

    void CheckContainer(string container)
    {
        BlobNames.CheckContainer(container);
        if (!File.Exists(Path.Combine(_root, container, ContainerFile))) throw BlobErrors.ContainerNotFound(container);
    }

    Lock LockOf(string file) => _locks[(uint)file.GetHashCode(StringComparison.Ordinal) % (uint)_locks.Length];

    /// <summary>The time, but later than any version given out before, and than the one it follows.</summary>
    long NextTicks(long after)
    {
        while (true)
        {
            var last = Volatile.Read(ref _lastTicks);
            var next = Math.Max(Math.Max(_time.GetUtcNow().UtcTicks, last + 1), after + 1);
            if (Interlocked.CompareExchange(ref _lastTicks, next, last) == last) return next;
        }
    }

    static BlobContainerInfo InfoOf(long ticks) =>
        new(new Azure.ETag($"0x{ticks:X}"), new DateTimeOffset(ticks, TimeSpan.Zero));

    static BlobFile? Read(string file)
    {
        try
        {
            using var input = new FileStream(file + RecordSuffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JsonSerializer.Deserialize<BlobFile>(input, Json);
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"Blob record '{file + RecordSuffix}' is damaged: {error.Message}", error);
        }
    }

    /// <summary>Deletes what no record names: the content of an upload that a crash cut off, or of a version since replaced.</summary>
    static void Sweep(string folder)
    {
        if (Path.GetFileName(folder).StartsWith('.'))
        {
            Directory.Delete(folder, recursive: true);
            return;
        }
        var versions = Directory.EnumerateFiles(folder)
            .Where(path => !Path.GetFileName(path).StartsWith(ContainerFile, StringComparison.Ordinal))
            .GroupBy(path => path[..path.LastIndexOf('.')]);
        foreach (var blob in versions.Select(group => (File: group.Key, Paths: group.ToArray())))
        {
            if (blob.Paths.Length == 2 && blob.Paths.Contains(blob.File + RecordSuffix) && !blob.Paths.Contains(blob.File + ".pending")) continue;
            var record = Read(blob.File);
            foreach (var path in blob.Paths)
            {
                if (path != blob.File + RecordSuffix && path != blob.File + record?.Content) File.Delete(path);
            }
        }
    }
}
