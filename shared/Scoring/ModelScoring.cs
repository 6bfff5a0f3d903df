using ServerlessCLM.Features;
using ServerlessCLM.Models;

namespace ServerlessCLM.Scoring;

/// <summary>
/// Scores customers with every model that speaks up, at each payment and at some days of silence. A score depends on the state at that
/// point, its time and the model alone; rows of many customers are only gathered to be scored together. Not safe for several threads;
/// made to be used again without allocating.
/// </summary>
/// <remarks>
/// A crossing upwards is a signal with its evidence, once; the model speaks again only after the score has fallen below its release. A
/// redelivered payment is not scored again, so a new champion between two deliveries changes nothing that has been committed.
/// </remarks>
/// <param name="capacity">Rows that are scored together at the most.</param>
public sealed class ModelScoring(int capacity)
{
    /// <summary>In silence the customer is scored so many days after the newest payment, and again after as many, until windows are empty.</summary>
    public const int ReviewDays = 14;

    /// <summary>Reviews of one silence at the most.</summary>
    public const int Reviews = FeatureState.Horizon / ReviewDays;

    /// <summary>Rows of a customer that wait, times models: half of it can cross upwards. With the rows of one payment after a long silence
    /// that makes 32 signals at the most, for which a commit keeps room.</summary>
    private const int MostWaiting = 24;

    private readonly FeatureRows _rows = new(capacity);
    private readonly List<(OpenCustomer Customer, long At, ulong Cause, EventData? Event)> _waiting = new(capacity);

    // Rows at which all scores are kept.
    private readonly FeatureRows _keptRows = new(capacity);
    private readonly List<(OpenCustomer Customer, int Day)> _kept = new(capacity);
    private readonly float[] _scores = new float[ScoreCatalogue.Count];
    private ModelSet _models = ModelSet.Empty;
    private int _room;

    /// <summary>Begins a batch; what has not been scored of the one before is forgotten.</summary>
    public void Begin(ModelSet models)
    {
        _models = models;
        _room = models.Alerting.Count == 0 ? 0 : MostWaiting / models.Alerting.Count;
        Clear();
    }

    /// <summary>Scores the silence before an instant, as the timer would have.</summary>
    public void Review(OpenCustomer customer, long until)
    {
        var state = customer.State;
        for (var due = NextReview(state); due <= until; due = NextReview(state))
        {
            state.Scores.ReviewedDay = (ushort)Days.Of(due);
            Add(customer, due, state.Scores.ReviewedDay);
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
        return next - newest > Reviews * ReviewDays ? long.MaxValue : Days.Start(next);
    }

    /// <summary>Takes the customer as they stand now to be scored.</summary>
    /// <param name="customer">Open until the next <see cref="Flush"/>.</param>
    /// <param name="at">Unix milliseconds.</param>
    /// <param name="cause">What brought it about: digest of a payment, or a day.</param>
    public void Add(OpenCustomer customer, long at, ulong cause)
    {
        if (_room == 0)
            return;

        // A payment that comes late changes what is known today.
        var state = customer.State;
        at = Math.Max(at, state.Features.NewestDayStart);
        var row = _rows.Add();
        state.Features.Fill(at, row);
        _waiting.Add((customer, at, cause, customer.Session.Cause));
        var month = PredictionLog.MonthOf(at);
        if (month > state.Scores.PredictedMonth)
        {
            state.Scores.PredictedMonth = month;
            PredictionLog.Put(customer.Session, at, row, _models);
        }

        if (state.History.Begin(Days.Of(at)))
        {
            ScoreSet.Fill(state.Features, at, _scores);
            state.History.Keep(Days.Of(at), _scores);
            row.CopyTo(_keptRows.Add());
            _kept.Add((customer, Days.Of(at)));
        }

        if (++customer.Waiting == _room || _rows.IsFull)
            Flush();
    }

    /// <summary>Scores what waits, and raises what crosses.</summary>
    public void Flush()
    {
        foreach (var model in _models.Alerting)
        {
            var alert = model.Document.Alert!;
            var scores = _rows.Score(model.Scorer!);
            for (var place = 0; place < scores.Length; place++)
            {
                var (customer, at, cause, data) = _waiting[place];
                var memory = customer.State.Scores;
                if (memory.IsRaised(model.Key))
                {
                    if (scores[place] < alert.Release)
                        memory.Set(model.Key, raised: false);
                }
                else if (scores[place] >= alert.Cut && _rows[place][(int)Feature.TenureDays] >= alert.TenureDays)
                {
                    memory.Set(model.Key, raised: true);
                    customer.ModelSignals++;
                    customer.Session.Cause = data;
                    SignalEffects.Raise(customer.Session, model, at, cause, scores[place], _rows[place]);
                }
            }
        }

        foreach (var model in _models.All)
            Keep(model);
        foreach (var (customer, _, _, _) in _waiting)
            customer.Waiting = 0;
        Clear();
    }

    private void Keep(LiveModel model)
    {
        if (model.Scorer is null)
            return;

        var scores = _keptRows.Score(model.Scorer);
        for (var place = 0; place < scores.Length; place++)
            _kept[place].Customer.State.History.Keep(_kept[place].Day, model.Key, scores[place]);
    }

    private void Clear()
    {
        _waiting.Clear();
        _rows.Clear();
        _kept.Clear();
        _keptRows.Clear();
    }
}
