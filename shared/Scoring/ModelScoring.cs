using System.Globalization;
using System.Runtime.InteropServices;
using ServerlessCLM.Customers;
using ServerlessCLM.Features;
using ServerlessCLM.Models;

namespace ServerlessCLM.Scoring;

/// <summary>
/// Scores a customer with every model that speaks up, at each payment and at some days of silence. A score depends on the state at that
/// point, its time and the model alone; rows of a commit are only gathered to be scored together. Not safe for several threads; made to
/// be used again without allocating.
/// </summary>
/// <remarks>
/// A crossing upwards is a signal with its evidence, once; the model speaks again only after the score has fallen below its release. A
/// redelivered payment is not scored again, so a new champion between two deliveries changes nothing that has been committed.
/// </remarks>
public sealed class ModelScoring
{
    /// <summary>In silence the customer is scored so many days after the newest payment, and again after as many, until windows are empty.</summary>
    public const int ReviewDays = 14;

    private const int LastReview = FeatureState.Horizon - (FeatureState.Horizon % ReviewDays);

    /// <summary>Rows that wait, times models: half of it can cross upwards. With the rows of one payment after a long silence that makes 32
    /// signals at the most, for which a commit keeps room.</summary>
    private const int MostWaiting = 24;

    private readonly float[] _rows = new float[MostWaiting * FeatureModel.RowWidth];
    private readonly double[] _scores = new double[MostWaiting];
    private readonly List<(long At, ulong Cause)> _waiting = new(MostWaiting);
    private ModelSet _models = ModelSet.Empty;
    private int _room;

    /// <summary>Signals raised since <see cref="Begin"/>.</summary>
    public int Signals { get; private set; }

    public void Begin(ModelSet models)
    {
        _models = models;
        _room = models.Alerting.Count == 0 ? 0 : MostWaiting / models.Alerting.Count;
        _waiting.Clear();
        Signals = 0;
    }

    /// <summary>Scores the silence before an instant, as the timer would have.</summary>
    public void Review(CustomerState state, long until, CustomerSession session)
    {
        for (var due = NextReview(state); due <= until; due = NextReview(state))
        {
            state.Scores.ReviewedDay = (ushort)Days.Of(due);
            Add(state, due, state.Scores.ReviewedDay, session);
        }
    }

    /// <summary>When silence is next to be scored; <see cref="long.MaxValue"/> for never.</summary>
    public static long NextReview(CustomerState state)
    {
        var newest = state.Features.Life.NewestDay;
        if (newest == 0)
            return long.MaxValue;

        var silent = Math.Max(0, state.Scores.ReviewedDay - newest);
        var next = newest + (((silent / ReviewDays) + 1) * ReviewDays);
        return next - newest > LastReview ? long.MaxValue : Days.Start(next);
    }

    /// <summary>Takes the customer as they stand now to be scored.</summary>
    /// <param name="state">Of the customer.</param>
    /// <param name="at">Unix milliseconds.</param>
    /// <param name="cause">What brought it about: digest of a payment, or a day.</param>
    /// <param name="session">Takes what is said.</param>
    public void Add(CustomerState state, long at, ulong cause, CustomerSession session)
    {
        if (_room == 0)
            return;

        // A payment that comes late changes what is known today.
        at = Math.Max(at, state.Features.NewestDayStart);
        var row = _rows.AsSpan(_waiting.Count * FeatureModel.RowWidth, FeatureModel.RowWidth);
        state.Features.Fill(at, row);
        _waiting.Add((at, cause));
        var month = PredictionLog.MonthOf(at);
        if (month > state.Scores.PredictedMonth)
        {
            state.Scores.PredictedMonth = month;
            PredictionLog.Put(session, at, row, _models);
        }

        if (_waiting.Count == _room)
            Flush(state, session);
    }

    /// <summary>Scores what waits, and raises what crosses.</summary>
    public void Flush(CustomerState state, CustomerSession session)
    {
        if (_waiting.Count == 0)
            return;

        var rows = _rows.AsSpan(0, _waiting.Count * FeatureModel.RowWidth);
        var scores = _scores.AsSpan(0, _waiting.Count);
        var waiting = CollectionsMarshal.AsSpan(_waiting);
        for (var place = 0; place < _models.Alerting.Count; place++)
        {
            var model = _models.Alerting[place];
            var alert = model.Document.Alert!;
            model.Scorer!.Score(rows, scores);
            var raised = state.Scores.IsRaised(model.Key);
            for (var i = 0; i < scores.Length; i++)
            {
                var row = rows.Slice(i * FeatureModel.RowWidth, FeatureModel.RowWidth);
                if (raised)
                    raised = scores[i] >= alert.Release;
                else if (scores[i] >= alert.Cut && row[(int)Feature.TenureDays] >= alert.TenureDays)
                {
                    raised = true;
                    Signals++;
                    SignalEffects.Raise(session, model, waiting[i].At, waiting[i].Cause, scores[i], row);
                }
            }

            state.Scores.Set(model.Key, raised);
        }

        _waiting.Clear();
    }
}
