using System.Text.Json.Nodes;

namespace ServerlessCLM.Simulation;

/// <summary>What the bank's ledger says of debts that were not met: missed, made good, in default, written off.</summary>
internal sealed partial class CustomerWalk
{
    private const string PaymentMissed = "payment_missed", ArrearsCured = "arrears_cured", Defaulted = "default", WrittenOff = "written_off";

    /// <summary>Days after default at which what has come back is counted.</summary>
    private const int WorkoutDays = 180;

    private int _defaultDay = Never;
    private long _exposure;

    private bool InArrears => _cardUnpaidSince is not null || _obligations.Exists(obligation => obligation.UnpaidSince is not null);

    private void Miss(long time, string what, long cents) =>
        TellLifecycle(time, PaymentMissed, new JsonObject { ["what"] = what, ["amount"] = Money(cents) });

    private void Default(long midnight, long owed)
    {
        (_defaulted, _defaultDay) = (true, _day);
        // What is called in: the arrears, what is overdrawn, and a quarter of a year of what is still to fall due.
        _exposure = owed + Math.Max(0, -_balance) + (_obligations.Where(obligation => obligation.Owed > 0).Sum(obligation => obligation.Cents) * 3);
        TellTruth(midnight, LifeEventKind.Default, owed / 100.0);
        TellLifecycle(midnight, Defaulted, new JsonObject { ["exposure"] = Money(_exposure) });
    }

    /// <summary>Who works, holds back and has something put aside pays more of a called debt.</summary>
    private void WriteOff(long midnight)
    {
        if (_day != _defaultDay + WorkoutDays)
            return;

        var draws = Drawing(DrawPurpose.Workout, _day);
        var ability = (_employed ? 0.35 : 0.05) + (0.3 * (_distress - 0.5) / 0.25) + (0.25 * _customer.Discipline)
            + Math.Min(0.25, 0.25 * _savings / Math.Max(1, _exposure)) + (0.12 * draws.Normal());
        var recovered = (long)(_exposure * Math.Clamp(ability, 0, 1));
        TellLifecycle(midnight, WrittenOff, new JsonObject { ["exposure"] = Money(_exposure), ["recovered"] = Money(recovered) });
    }
}
