using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;

namespace ServerlessCLM.Emulator;

/// <summary>The raw response of an operation that never went over HTTP: a status and, after a write, the new ETag.</summary>
class StorageResponse(int status, string reasonPhrase) : Response
{
    static readonly string[] ETagHeader = ["ETag"];

    public override int Status => status;
    public override string ReasonPhrase => reasonPhrase;
    public override Stream? ContentStream { get; set; }
    public override string ClientRequestId { get; set; } = "";
    public override bool IsError => status >= 400;

    /// <summary>The ETag as the header carries it; null when there is none.</summary>
    protected virtual string? ETagText => null;

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = string.Equals(name, "ETag", StringComparison.OrdinalIgnoreCase) ? ETagText : null;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
        ETagHeader.Where(ContainsHeader).Select(name => new HttpHeader(name, ETagText!));
}

/// <summary>The answer to a read that found nothing and need not throw.</summary>
sealed class AbsentResponse<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;
    public override T Value => throw new InvalidOperationException("The entity does not exist; ask HasValue first.");
    public override Response GetRawResponse() => response;
}
