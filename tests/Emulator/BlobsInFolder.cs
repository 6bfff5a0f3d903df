using Microsoft.Extensions.DependencyInjection;
using ServerlessCLM.Emulator;

namespace ServerlessCLM.Tests.Emulator;

/// <summary>The contract over files.</summary>
public sealed class BlobsInFolder : BlobContract
{
    internal static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clm-blobs-");

    protected override Task<BlobServiceClient> OpenAsync() =>
        Task.FromResult(new BlobServiceClient(new BlobStore(_folder.FullName, new VirtualClock(Start))));

    protected override ValueTask CloseAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>What the folder keeps, and how it fails.</summary>
public sealed class BlobsFolderTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("clm-blobs-").FullName;
    readonly VirtualClock _clock = new(BlobsInFolder.Start);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Names_never_leave_the_folder()
    {
        var container = await ContainerAsync();
        foreach (var name in new[] { "../../escape", "/etc/escape", "..", ".container", "a\0b", "C:\\escape" })
            await container.UploadBlobAsync(name, BinaryData.FromString("x"));
        Assert.Equal(["models"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
        Assert.Equal(1 + 2 * 6, Directory.GetFileSystemEntries(Path.Combine(_folder, "models")).Length);
    }

    [Fact]
    public async Task What_a_crash_left_uncommitted_is_swept_and_the_blob_stays()
    {
        var container = await ContainerAsync();
        await container.UploadBlobAsync("b", BinaryData.FromString("kept"));
        var files = Directory.GetFiles(Path.Combine(_folder, "models")).Order(StringComparer.Ordinal).ToArray();
        await File.WriteAllTextAsync(Path.Combine(_folder, "models", "b.0123456789abcdef"), "half");
        await File.WriteAllTextAsync(Path.Combine(_folder, "models", "b.pending"), "{");
        await File.WriteAllTextAsync(Path.Combine(_folder, "models", "new.0123456789abcdef"), "half");

        container = new BlobServiceClient(new BlobStore(_folder, _clock)).GetBlobContainerClient("models");

        Assert.Equal(files, Directory.GetFiles(Path.Combine(_folder, "models")).Order(StringComparer.Ordinal));
        Assert.Equal("kept", (await container.GetBlobClient("b").DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task A_failed_upload_leaves_the_old_blob_and_no_file()
    {
        var container = await ContainerAsync();
        await container.UploadBlobAsync("b", BinaryData.FromString("old"));
        var files = Directory.GetFiles(Path.Combine(_folder, "models")).Length;
        await Assert.ThrowsAsync<IOException>(() => container.GetBlobClient("b").UploadAsync(new BreakingStream(), overwrite: true));
        Assert.Equal(files, Directory.GetFiles(Path.Combine(_folder, "models")).Length);
        Assert.Equal("old", (await container.GetBlobClient("b").DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task A_damaged_or_missing_file_is_named()
    {
        var container = await ContainerAsync();
        await container.UploadBlobAsync("b", BinaryData.FromString("x"));
        var content = Directory.GetFiles(Path.Combine(_folder, "models"), "b.*").Single(path => !path.EndsWith(".json", StringComparison.Ordinal));
        File.Delete(content);
        var lost = await Assert.ThrowsAsync<InvalidDataException>(() => container.GetBlobClient("b").DownloadContentAsync());
        Assert.Contains(content, lost.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_folder, "models", "b.json"), "{");
        var damaged = await Assert.ThrowsAsync<InvalidDataException>(() => container.GetBlobClient("b").GetPropertiesAsync());
        Assert.Contains("b.json", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_registration_gives_both_clients_over_the_data_directory()
    {
        await using var provider = new ServiceCollection()
            .AddSingleton(new EmulatorOptions { DataDirectory = _folder }).AddEmulatorStorage().BuildServiceProvider();
        await provider.GetRequiredService<BlobServiceClient>().GetBlobContainerClient("models").CreateAsync();
        await provider.GetRequiredService<TableServiceClient>().CreateTableIfNotExistsAsync("Customers");
        Assert.True(Directory.Exists(Path.Combine(_folder, "storage", "blobs", "models")));
        Assert.True(File.Exists(Path.Combine(_folder, "storage", "tables.db")));
    }

    async Task<BlobContainerClient> ContainerAsync()
    {
        var container = new BlobServiceClient(new BlobStore(_folder, _clock)).GetBlobContainerClient("models");
        await container.CreateAsync();
        return container;
    }

    sealed class BreakingStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            destination.WriteByte(1);
            throw new IOException("The connection broke.");
        }
    }
}
