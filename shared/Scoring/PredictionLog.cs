using System.Globalization;
using System.Runtime.InteropServices;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Models;

namespace ServerlessCLM.Scoring;

/// <summary>A prediction as it was made, kept with the customer until its outcome is known: what models are trained and watched by.</summary>
/// <param name="At">When.</param>
/// <param name="Catalogue">Digest of the feature names, so that a vector of another catalogue is not taken for one of this.</param>
/// <param name="Vector">The features as single-precision numbers, little-endian, in base64.</param>
/// <param name="Scores">By model id and version, as <c>churn@3</c>: champions, and those that score along.</param>
public sealed record PredictionRow(DateTimeOffset At, string Catalogue, string Vector, IReadOnlyDictionary<string, double> Scores);

/// <summary>Keeps the first prediction of each month in the customer's own partition: sealed, exported and erased with it.</summary>
public static class PredictionLog
{
    private static readonly string Catalogue =
        Digest64.Of(string.Join('\n', FeatureCatalogue.All.Select(feature => feature.Name))).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Months since January 1970.</summary>
    public static ushort MonthOf(long at) => (ushort)Days.Civil(Days.Of(at)).Month;

    public static string NameOf(ModelDocument document) => string.Create(CultureInfo.InvariantCulture, $"{document.Id}@{document.Version}");

    internal static void Put(CustomerSession session, long at, Span<float> row, ModelSet models)
    {
        var scores = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var scorer in models.All.SelectMany(model => model.Scorer is null ? [] : model.Shadows.Prepend(model.Scorer)))
            scores[NameOf(scorer.Document)] = Math.Round(scorer.Score(row), 9);

        var time = DateTimeOffset.FromUnixTimeMilliseconds(at);
        var vector = Convert.ToBase64String(MemoryMarshal.AsBytes(row[..FeatureCatalogue.Count]));
        session.Put(CustomerRows.Dated(CustomerRows.PredictionPrefix, at, "m"), new PredictionRow(time, Catalogue, vector, scores), ScoringJson.Default.PredictionRow);
    }

    /// <summary>The features of a row; null where it was written under another catalogue.</summary>
    public static float[]? VectorOf(PredictionRow row)
    {
        if (row.Catalogue != Catalogue)
            return null;

        var vector = new float[FeatureCatalogue.Count];
        return Convert.TryFromBase64String(row.Vector, MemoryMarshal.AsBytes(vector.AsSpan()), out var written) && written == vector.Length * sizeof(float)
            ? vector
            : throw new InvalidDataException($"prediction of {row.At:O}: the vector does not hold {vector.Length} numbers");
    }
}
