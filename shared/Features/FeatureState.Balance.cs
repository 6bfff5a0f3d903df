namespace ServerlessCLM.Features;

public sealed partial class FeatureState
{
    private void FillBalance(Vector v, int day, in WindowTotals month, in WindowTotals quarter)
    {
        var monthEnd = day - Days.Civil(day).DayOfMonth;
        var found = false;
        var until = day;
        long latest = 0, latestLimit = 0;
        var monthEndBalance = double.NaN;
        BalanceTotals thirty = default, ninety = default;
        for (var index = _count - 1; index >= -1; index--)
        {
            Held held;
            if (index >= 0)
            {
                ref var record = ref At(index);
                if (!record.HasBalance || record.Day > until)
                    continue;

                held = new Held(record.Day, record.Closing, record.Lowest, record.Limit);
            }
            else if (_life.Carried.Day != 0 && _life.Carried.Day <= until)
                held = new Held(_life.Carried.Day, _life.Carried.Closing, _life.Carried.Closing, _life.Carried.Limit);
            else
                break;

            if (!found)
            {
                found = true;
                (latest, latestLimit) = (held.Closing, held.Limit);
                thirty = new BalanceTotals(day, 30, latest);
                ninety = new BalanceTotals(day, 90, latest);
            }

            if (held.Day <= monthEnd && double.IsNaN(monthEndBalance))
                monthEndBalance = held.Closing;

            thirty.Add(held.Day, until, held.Closing, held.Lowest, held.Limit);
            ninety.Add(held.Day, until, held.Closing, held.Lowest, held.Limit);
            until = held.Day - 1;
        }

        v[Feature.BalanceMonthEnd] = Units(monthEndBalance);
        v[Feature.BalanceLowest] = _life.HasLowest ? Units(_life.Lowest) : double.NaN;
        v[Feature.Balance] = found ? Units(latest) : double.NaN;
        FillBalanceWindows(v, thirty, ninety);
        FillUtilisation(v, found && latestLimit > 0 ? BalanceTotals.Utilisation(latest, latestLimit) : double.NaN, thirty, ninety);
        v[Feature.BalanceVsMean90d] = found ? Ratio(latest, Math.Abs(ninety.Mean)) : double.NaN;
        v[Feature.BufferDays30d] = found ? Ratio(latest * 30.0, month[Sum.Out]) : double.NaN;
        v[Feature.BufferDays90d] = found ? Ratio(latest * 90.0, quarter[Sum.Out]) : double.NaN;
    }

    private static void FillBalanceWindows(Vector v, in BalanceTotals thirty, in BalanceTotals ninety)
    {
        v[Feature.BalanceMin30d] = thirty.Known == 0 ? double.NaN : Units(thirty.Lowest);
        v[Feature.BalanceMin90d] = ninety.Known == 0 ? double.NaN : Units(ninety.Lowest);
        v[Feature.BalanceMean30d] = Units(thirty.Mean);
        v[Feature.BalanceMean90d] = Units(ninety.Mean);
        v[Feature.BalanceSlope30d] = Units(thirty.Slope);
        v[Feature.BalanceSlope90d] = Units(ninety.Slope);
        v[Feature.BalanceVolatility30d] = Units(thirty.Volatility);
        v[Feature.BalanceVolatility90d] = Units(ninety.Volatility);
        v[Feature.BelowZeroDays30d] = thirty.Known == 0 ? double.NaN : thirty.BelowZero;
        v[Feature.BelowZeroDays90d] = ninety.Known == 0 ? double.NaN : ninety.BelowZero;
    }

    private static void FillUtilisation(Vector v, double now, in BalanceTotals thirty, in BalanceTotals ninety)
    {
        v[Feature.Utilisation] = now;
        v[Feature.UtilisationMax30d] = thirty.Limited == 0 ? double.NaN : thirty.LargestUtilisation;
        v[Feature.UtilisationMax90d] = ninety.Limited == 0 ? double.NaN : ninety.LargestUtilisation;
        v[Feature.UtilisationMean90d] = ninety.MeanUtilisation;
        v[Feature.UtilisationTrend90d] = now - ninety.MeanUtilisation;
        v[Feature.UtilisationHighDays30d] = thirty.Limited == 0 ? double.NaN : thirty.High;
    }

    private readonly record struct Held(int Day, long Closing, long Lowest, long Limit);
}
