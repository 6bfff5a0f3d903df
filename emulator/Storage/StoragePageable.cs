using System.Runtime.CompilerServices;
using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>Pages fetched one after the other, each from the continuation token of the one before.</summary>
sealed class StoragePageable<T>(
    Func<string?, int?, CancellationToken, ValueTask<Page<T>>> fetch, CancellationToken cancellation) : AsyncPageable<T>(cancellation)
    where T : notnull
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        do
        {
            var page = await fetch(continuationToken, pageSizeHint, CancellationToken);
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuationToken));
    }

    public override async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        string? continuation = null;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, cancellationToken);
        do
        {
            var page = await fetch(continuation, null, linked.Token);
            foreach (var item in page.Values) yield return item;
            continuation = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuation));
    }
}
