using ServerlessCLM.Features;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Scoring;

public static partial class CustomerScoring
{
    /// <summary>Follows the episodes that a balance opens and closes; silence brings some of them to their signal.</summary>
    private static void OnBalance(Raise raise, ref Lifetime life, in Payment payment, int day, SignalThresholds thresholds)
    {
        FollowIdle(ref life, payment, day, thresholds);
        FollowUtilisation(ref life.Signals, payment, day, thresholds);
        FollowDecline(raise, ref life.Signals, FeatureState.Units(payment.BalanceAfter), day, thresholds);
    }

    private static void FollowIdle(ref Lifetime life, in Payment payment, int day, SignalThresholds thresholds)
    {
        ref var memory = ref life.Signals;
        var seen = day - life.FirstDay + 1;
        var outflow = DaysInMonth * HalfLife.TwoMonths.Rate(life.Outflow * HalfLife.TwoMonths.Weight(life.Landmark - day), seen);
        var balance = FeatureState.Units(payment.BalanceAfter);
        if (balance < (memory.IdleRaised ? thresholds.IdleEndMonths : thresholds.IdleMonths) * outflow || outflow == 0 || balance <= 0)
        {
            memory.IdleSince = 0;
            memory.IdleRaised = false;
        }
        else if (memory.IdleSince == 0 && seen > thresholds.HistoryDays)
            memory.IdleSince = (ushort)day;
    }

    private static void FollowUtilisation(ref SignalMemory memory, in Payment payment, int day, SignalThresholds thresholds)
    {
        var used = payment.CreditLimit > 0 ? BalanceTotals.Utilisation(payment.BalanceAfter, payment.CreditLimit) : 0;
        if (used < (memory.HighRaised ? thresholds.UtilisationEnd : thresholds.Utilisation))
        {
            memory.HighSince = 0;
            memory.HighRaised = false;
        }
        else if (memory.HighSince == 0 && used > thresholds.Utilisation)
            memory.HighSince = (ushort)day;
    }

    /// <summary>Means of the balance over time: over d days at balance b, mean += (1 − 2^(−d/h))·(b − mean).</summary>
    private static void FollowDecline(Raise raise, ref SignalMemory memory, double balance, int day, SignalThresholds thresholds)
    {
        if (memory.BalanceDay == 0)
        {
            memory.BalanceFast = memory.BalanceSlow = balance;
            memory.BalanceFirstDay = (ushort)day;
        }
        else if (day > memory.BalanceDay)
        {
            var held = memory.BalanceDay - day;
            memory.BalanceFast += (1 - HalfLife.Fortnight.Weight(held)) * (memory.BalanceHeld - memory.BalanceFast);
            memory.BalanceSlow += (1 - HalfLife.TwoMonths.Weight(held)) * (memory.BalanceHeld - memory.BalanceSlow);
        }

        memory.BalanceHeld = balance;
        memory.BalanceDay = (ushort)day;
        if (memory.BalanceRaised)
            memory.BalanceRaised = memory.BalanceFast <= thresholds.BalanceDeclineEnd * memory.BalanceSlow;
        else if (day - memory.BalanceFirstDay >= thresholds.HistoryDays && memory.BalanceSlow > 0
            && memory.BalanceFast < thresholds.BalanceDecline * memory.BalanceSlow)
        {
            memory.BalanceRaised = true;
            raise.Signal(SignalKind.BalanceDecline, day, memory.BalanceFast, memory.BalanceSlow);
        }
    }
}
