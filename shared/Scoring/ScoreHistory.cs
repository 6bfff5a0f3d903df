using ServerlessCLM.Features;
using ServerlessCLM.Models;

namespace ServerlessCLM.Scoring;

/// <summary>
/// A customer's scores as they stood at the first scoring of each half-month, as many as it takes to tell their change over 30 days.
/// Made to be used again without allocating.
/// </summary>
/// <remarks>
/// The change is the score now less the newest one kept that is 30 days old or more: 30 to 44 days in a life with payments, longer after a
/// silence in which nothing was scored. Scores are kept and compared with 8 significant bits, so one that stands still has changed by 0.
/// </remarks>
public sealed class ScoreHistory
{
    public const int ChangeDays = 30;

    /// <summary>Of so many days one scoring is kept.</summary>
    public const int StepDays = 15;

    /// <summary>Models whose scores are kept; of more, those that came first.</summary>
    public const int MaxModels = 32;

    /// <summary>Bytes that <see cref="Write"/> needs at the most.</summary>
    public const int MaxSize = 2 + (Kept * sizeof(ushort)) + (MaxModels * sizeof(uint)) + ((ScoreCatalogue.Count + MaxModels) * Kept * sizeof(ushort));

    // Thirty days touch three steps at the most, and the one before them is what a change is held against.
    private const int Kept = (ChangeDays / StepDays) + 2;

    private const ushort Unknown = 0x7FC0;

    // Newest first; of each score as many values.
    private readonly ushort[] _days = new ushort[Kept];
    private readonly ushort[] _values = new ushort[(ScoreCatalogue.Count + MaxModels) * Kept];
    private readonly uint[] _models = new uint[MaxModels];
    private int _kept, _modelCount;

    /// <summary>Whether scores of this day are to be kept: it is the first that is scored of its half-month.</summary>
    /// <param name="day">Since 1970; not before the last.</param>
    public bool Begin(int day)
    {
        if (_kept > 0 && day / StepDays <= _days[0] / StepDays)
            return false;

        // All rows move by one place at once; what moves on into the next row is overwritten there.
        _days.AsSpan(..^1).CopyTo(_days.AsSpan(1));
        _values.AsSpan(..^1).CopyTo(_values.AsSpan(1));
        for (var at = 0; at < _values.Length; at += Kept)
            _values[at] = Unknown;
        _days[0] = (ushort)day;
        _kept = Math.Min(Kept, _kept + 1);
        return true;
    }

    /// <summary>Keeps the scores by formula of a day that has begun.</summary>
    public void Keep(int day, ReadOnlySpan<float> scores)
    {
        for (var place = 0; place < ScoreCatalogue.Count; place++)
            Put(day, place, scores[place]);
    }

    /// <summary>Keeps a model's score of a day that has begun.</summary>
    /// <param name="day">One that has been overtaken meanwhile by as many as are kept is let go.</param>
    /// <param name="model"><see cref="LiveModel.Key"/>.</param>
    /// <param name="score">Not finite: unknown.</param>
    public void Keep(int day, uint model, double score)
    {
        var at = _models.AsSpan(0, _modelCount).IndexOf(model);
        if (at < 0)
        {
            if (_modelCount == MaxModels)
                return;
            at = _modelCount++;
            _models[at] = model;
            RowOf(ScoreCatalogue.Count + at).Fill(Unknown);
        }

        Put(day, ScoreCatalogue.Count + at, score);
    }

    /// <summary>The change of a score by formula; NaN where none is known that is old enough.</summary>
    /// <param name="place">In the score catalogue.</param>
    /// <param name="score">As it stands.</param>
    /// <param name="asOf">Unix milliseconds.</param>
    public float ChangeOfFormula(int place, float score, long asOf) => Change(place, score, asOf);

    /// <summary>The change of a model's score; NaN where none is known that is old enough.</summary>
    /// <param name="model"><see cref="LiveModel.Key"/>.</param>
    /// <param name="score">As it stands.</param>
    /// <param name="asOf">Unix milliseconds.</param>
    public float ChangeOfModel(uint model, float score, long asOf)
    {
        var at = _models.AsSpan(0, _modelCount).IndexOf(model);
        return at < 0 ? float.NaN : Change(ScoreCatalogue.Count + at, score, asOf);
    }

    /// <summary>What is kept of a score by formula: days since 1970 with values, the oldest first.</summary>
    /// <param name="place">In the score catalogue.</param>
    public IEnumerable<(int Day, float Value)> OfFormula(int place) => Known(place);

    /// <summary>What is kept of a model's score: days since 1970 with values, the oldest first.</summary>
    /// <param name="model"><see cref="LiveModel.Key"/>.</param>
    public IEnumerable<(int Day, float Value)> OfModel(uint model)
    {
        var at = _models.AsSpan(0, _modelCount).IndexOf(model);
        return at < 0 ? [] : Known(ScoreCatalogue.Count + at);
    }

    public void Clear() => (_kept, _modelCount) = (0, 0);

    public int Write(Span<byte> destination)
    {
        var writer = new StateWriter(destination);
        writer.Byte((byte)_kept);
        for (var sample = 0; sample < _kept; sample++)
            writer.UInt16(_days[sample]);
        if (_kept == 0)
            return writer.Length;

        // A model that is gone is let go with its last score.
        Span<bool> known = stackalloc bool[MaxModels];
        var count = 0;
        for (var at = 0; at < _modelCount; at++)
            count += (known[at] = RowOf(ScoreCatalogue.Count + at)[.._kept].ContainsAnyExcept(Unknown)) ? 1 : 0;
        writer.Byte((byte)count);
        for (var at = 0; at < _modelCount; at++)
        {
            if (known[at])
                writer.UInt32(_models[at]);
        }

        for (var place = 0; place < ScoreCatalogue.Count + _modelCount; place++)
        {
            if (place >= ScoreCatalogue.Count && !known[place - ScoreCatalogue.Count])
                continue;
            foreach (var value in RowOf(place)[.._kept])
                writer.UInt16(value);
        }

        return writer.Length;
    }

    /// <returns>Bytes read.</returns>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Write"/> writes.</exception>
    public int Read(ReadOnlySpan<byte> source)
    {
        Clear();
        var reader = new StateReader(source);
        var kept = reader.Byte();
        if (kept > Kept)
            throw new InvalidDataException($"score history: {kept} scorings are kept; {Kept} are the most");
        for (var sample = 0; sample < kept; sample++)
            _days[sample] = reader.UInt16();
        if (kept == 0)
            return source.Length - reader.Rest;

        var models = reader.Byte();
        if (models > MaxModels)
            throw new InvalidDataException($"score history: {models} models are kept; {MaxModels} are the most");
        for (var at = 0; at < models; at++)
            _models[at] = reader.UInt32();
        _values.AsSpan().Fill(Unknown);
        for (var place = 0; place < ScoreCatalogue.Count + models; place++)
        {
            for (var sample = 0; sample < kept; sample++)
                RowOf(place)[sample] = reader.UInt16();
        }

        (_kept, _modelCount) = (kept, models);
        return source.Length - reader.Rest;
    }

    private float Change(int place, float score, long asOf)
    {
        var latest = Days.Of(asOf) - ChangeDays;
        for (var sample = 0; sample < _kept; sample++)
        {
            if (_days[sample] <= latest)
                return Number(Bits(score)) - Number(RowOf(place)[sample]);
        }

        return float.NaN;
    }

    private IEnumerable<(int Day, float Value)> Known(int place)
    {
        for (var sample = _kept - 1; sample >= 0; sample--)
        {
            if (RowOf(place)[sample] is var bits && bits != Unknown)
                yield return (_days[sample], Number(bits));
        }
    }

    private Span<ushort> RowOf(int place) => _values.AsSpan(place * Kept, Kept);

    private void Put(int day, int place, double score)
    {
        var sample = _days.AsSpan(0, _kept).IndexOf((ushort)day);
        if (sample >= 0)
            RowOf(place)[sample] = Bits((float)score);
    }

    /// <summary>The upper half of a single-precision number, rounded to the nearest.</summary>
    private static ushort Bits(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsFinite(value) ? (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16) : Unknown;
    }

    private static float Number(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
