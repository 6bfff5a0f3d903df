using Azure;

namespace ServerlessCLM.Emulator;

/// <summary>The conditions of a request against the blob that is there.</summary>
static class BlobConditions
{
    /// <summary>A read that the conditions refuse is 412, or 304 when what the caller has is still current.</summary>
    internal static void CheckRead(string container, BlobRecord record, BlobRequestConditions? conditions)
    {
        if (conditions is null) return;
        CheckLease(conditions);
        if (!Matches(record, conditions.IfMatch) || IsAfter(record, conditions.IfUnmodifiedSince))
            throw BlobErrors.ConditionNotMet(container, record.Name);
        if (Excludes(record, conditions.IfNoneMatch) || (conditions.IfModifiedSince is not null && !IsAfter(record, conditions.IfModifiedSince)))
            throw BlobErrors.NotModified(container, record.Name);
    }

    /// <summary>A write that the conditions refuse is 412, or 409 when it wanted no blob and there is one.</summary>
    internal static void CheckWrite(string container, string blob, BlobRecord? record, BlobRequestConditions? conditions)
    {
        if (conditions is null) return;
        CheckLease(conditions);
        if (record is null)
        {
            if (conditions.IfMatch is not null) throw BlobErrors.ConditionNotMet(container, blob);
            return;
        }
        if (conditions.IfNoneMatch == ETag.All) throw BlobErrors.BlobAlreadyExists(container, blob);
        if (!Matches(record, conditions.IfMatch) || Excludes(record, conditions.IfNoneMatch)
            || IsAfter(record, conditions.IfUnmodifiedSince)
            || (conditions.IfModifiedSince is not null && !IsAfter(record, conditions.IfModifiedSince)))
        {
            throw BlobErrors.ConditionNotMet(container, blob);
        }
    }

    static bool Matches(BlobRecord record, ETag? required) => required is not { } etag || etag == ETag.All || Same(record, etag);

    static bool Excludes(BlobRecord record, ETag? unwanted) => unwanted is { } etag && (etag == ETag.All || Same(record, etag));

    static bool Same(BlobRecord record, ETag etag) =>
        string.Equals(record.ETag.ToString(), etag.ToString().Trim('"'), StringComparison.Ordinal);

    /// <summary>Whether the blob changed after an instant, to the second, as HTTP dates have it.</summary>
    static bool IsAfter(BlobRecord record, DateTimeOffset? instant) =>
        instant is { } limit && record.LastModified.ToUnixTimeSeconds() > limit.ToUnixTimeSeconds();

    static void CheckLease(BlobRequestConditions conditions)
    {
        if (conditions.LeaseId is not null) throw new NotSupportedException("Blob leases are not emulated.");
    }
}
