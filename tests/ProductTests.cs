namespace ServerlessCLM.Tests;

/// <summary>Tests of the whole product, on the storage that the class chooses.</summary>
public abstract class ProductTests
{
    private readonly Dictionary<string, string?> _storageOf = [];

    /// <summary>The connection string of an empty account; null for SQLite and files in the product's own folder.</summary>
    protected virtual Task<string?> NewStorageAsync() => Task.FromResult<string?>(null);

    /// <inheritdoc cref="Product.PartsAsync"/>
    private protected async Task<Product> PartsAsync(string? data = null, params string[] settings) =>
        await Product.PartsAsync(data, [.. settings, .. await StorageAsync(data)]);

    /// <inheritdoc cref="Product.StartAsync"/>
    private protected async Task<Product> StartAsync(string? data = null, params string[] settings) =>
        await Product.StartAsync(data, [.. settings, .. await StorageAsync(data)]);

    /// <summary>The storage is the product's alone, and the same again for the same folder.</summary>
    private async Task<string[]> StorageAsync(string? data)
    {
        if (data is null || !_storageOf.TryGetValue(data, out var storage))
            storage = await NewStorageAsync();
        if (data is not null)
            _storageOf[data] = storage;
        return storage is null ? [] : [$"--CLM_STORAGE={storage}"];
    }
}
