using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>The contract over SQLite.</summary>
public sealed class TablesOnSqlite : TableContract
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clm-tables-");
    EmulatorStorage? _storage;

    protected override Task<TableServiceClient> OpenAsync()
    {
        _storage = new EmulatorStorage(_folder.FullName, new VirtualClock(BlobsInFolder.Start));
        return Task.FromResult(_storage.Tables);
    }

    protected override async ValueTask CloseAsync()
    {
        if (_storage is not null) await _storage.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
