using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ServerlessCLM.Emulator;

/// <summary>
/// The keys that HTTP callers show, in <c>keys.json</c>: generated at the first start, unless settings name them. Function keys
/// have names and any number of them holds at once, so that callers change to a new one before the old one is removed. A changed file is read again
/// at the next request; one that cannot be read changes nothing.
/// </summary>
internal sealed class HostKeys
{
    /// <summary>The function key that every host has.</summary>
    public const string Default = "default";

    readonly Lock changing = new();
    readonly DataFolder folder;
    readonly EmulatorOptions options;
    readonly ILogger<HostKeys> log;
    readonly string path;
    volatile KeyRing ring;

    /// <exception cref="FunctionsStartupException">The file cannot be read.</exception>
    public HostKeys(DataFolder folder, EmulatorOptions options, ILogger<HostKeys> log)
    {
        (this.folder, this.options, this.log) = (folder, options, log);
        path = folder.PathOf("keys.json");
        var kept = KeyFile.Read(folder, path) ?? new();
        var (generated, complete) = (kept.FunctionKey is null, kept is { FunctionKey: not null, MasterKey: not null });
        kept = kept with { FunctionKey = kept.FunctionKey ?? Generate(), MasterKey = kept.MasterKey ?? Generate() };
        ring = KeyRing.Of(kept, options, default);
        if (complete)
        {
            ring = KeyRing.Of(kept, options, Stamp());
            return;
        }

        Keep(kept);
        if (generated && options.FunctionKey is null)
            log.GeneratedKey(FunctionKey, path);
    }

    /// <summary>The key named <see cref="Default"/>.</summary>
    public string FunctionKey => Current().Functions[Default];

    /// <summary>The function keys by name.</summary>
    public IReadOnlyDictionary<string, string> FunctionKeys => Current().Functions;

    /// <summary>Whether a key opens a function of that level; takes as long for every wrong key.</summary>
    public bool Allows(AuthorizationLevel level, string? key) => level == AuthorizationLevel.Anonymous || Current().Opens(level, key ?? "");

    /// <summary>Sets a function key, or generates it when no value is given.</summary>
    /// <returns>Its value, and whether the name is new.</returns>
    /// <exception cref="FormatException">The name or the value cannot be one.</exception>
    /// <exception cref="InvalidOperationException">A setting holds the key.</exception>
    public (string Value, bool Created) Set(string name, string? value)
    {
        KeyFile.CheckName(name);
        if (value is not null)
            KeyFile.CheckValue(name, value);
        lock (changing)
        {
            var (kept, created) = (Current().File, !Current().Functions.ContainsKey(name));
            value ??= Generate();
            Keep(IsDefault(name) ? kept with { FunctionKey = value } : kept with { FunctionKeys = new(kept.Named) { [name] = value } });
            return (value, created);
        }
    }

    /// <summary>Removes a function key; requests that bring it are refused from now on. False when there is none of that name.</summary>
    /// <exception cref="InvalidOperationException">It is the one that every host has.</exception>
    public bool Remove(string name)
    {
        if (IsDefault(name))
            throw new InvalidOperationException($"the key '{Default}' can be replaced, not removed");
        lock (changing)
        {
            var kept = Current().File;
            var left = new SortedDictionary<string, string>(kept.Named, StringComparer.OrdinalIgnoreCase);
            if (!left.Remove(name))
                return false;
            Keep(kept with { FunctionKeys = left });
            return true;
        }
    }

    /// <summary>Replaces the master key, by a generated one when no value is given.</summary>
    /// <exception cref="FormatException">The value cannot be one.</exception>
    /// <exception cref="InvalidOperationException">A setting holds the key.</exception>
    public string SetMaster(string? value)
    {
        if (options.MasterKey is not null)
            throw HeldBy(EmulatorOptions.MasterKeySetting);
        if (value is not null)
            KeyFile.CheckValue("_master", value);
        lock (changing)
        {
            value ??= Generate();
            Keep(Current().File with { MasterKey = value });
            return value;
        }
    }

    bool IsDefault(string name)
    {
        if (!name.Equals(Default, StringComparison.OrdinalIgnoreCase))
            return false;
        return options.FunctionKey is null ? true : throw HeldBy(EmulatorOptions.FunctionKeySetting);
    }

    void Keep(KeyFile kept)
    {
        kept.Write(path);
        ring = KeyRing.Of(kept, options, Stamp());
    }

    KeyRing Current()
    {
        var stamp = Stamp();
        if (ring.Stamp == stamp)
            return ring;
        lock (changing)
        {
            if (ring.Stamp == stamp)
                return ring;
            try
            {
                // As at the start: a file without a key that it must have is not one.
                ring = KeyFile.Read(folder, path) is { FunctionKey: not null, MasterKey: not null } changed
                    ? KeyRing.Of(changed, options, stamp)
                    : throw new FunctionsStartupException($"{path} is gone or lacks functionKey or masterKey.");
                log.KeysRead(path, ring.Functions.Count);
            }
            catch (Exception wrong) when (wrong is FunctionsStartupException or IOException or UnauthorizedAccessException)
            {
                log.KeysUnreadable(wrong, path);
                ring = ring with { Stamp = stamp };
            }

            return ring;
        }
    }

    /// <summary>Tells one state of the file from another.</summary>
    (DateTime Written, long Length) Stamp()
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    static InvalidOperationException HeldBy(string setting) => new($"the setting {setting} holds this key; change it there");

    static string Generate() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(30));
}
