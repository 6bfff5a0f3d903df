namespace ServerlessCLM.Features;

public sealed partial class FeatureState
{
    private void FillBalance(Vector v, int day, in WindowTotals month, in WindowTotals quarter)
    {
        var monthEnd = day - Days.Civil(day).DayOfMonth;
        var monthEndBalance = double.NaN;
        var index = _days.Count - 1;
        while (index >= 0 && (_days.At(index).Day > day || !_days.At(index).HasBalance))
            index--;

        var held = HeldAt(index, day);
        var found = held.Day != 0;
        var (latest, latestLimit) = (held.Closing, held.Limit);
        BalanceTotals thirty = default, ninety = new(day, latest);
        int monthStart = day - 29, quarterStart = day - 89;
        while (held.Day != 0)
        {
            if (held.Day <= monthEnd && double.IsNaN(monthEndBalance))
                monthEndBalance = held.Closing;

            if (held.Day <= monthStart && ninety.Next >= monthStart)
            {
                // The stretch reaches over the border: its lowest balance belongs to its first day.
                ninety.AddTo(monthStart, held.Closing, held.Day == monthStart ? held.Lowest : held.Closing, held.Limit);
                thirty = ninety;
            }

            if (held.Day < quarterStart)
            {
                ninety.AddTo(quarterStart, held.Closing, held.Closing, held.Limit);
                break;
            }

            ninety.AddTo(held.Day, held.Closing, held.Lowest, held.Limit);
            if (index < 0)
                break;

            do
                index--;
            while (index >= 0 && !_days.At(index).HasBalance);

            held = HeldAt(index, held.Day - 1);
        }

        if (ninety.Next >= monthStart)
            thirty = ninety;

        v[Feature.BalanceMonthEnd] = Units(monthEndBalance);
        FillHistory(v, day);
        v[Feature.BalanceLowest] = _life.HasLowest ? Units(_life.Lowest) : double.NaN;
        v[Feature.Balance] = found ? Units(latest) : double.NaN;
        FillBalanceWindows(v, thirty, ninety);
        FillUtilisation(v, found && latestLimit > 0 ? BalanceTotals.Utilisation(latest, latestLimit) : double.NaN, thirty, ninety);
        v[Feature.BalanceVsMean90d] = found ? Ratio(latest, Math.Abs(ninety.Mean)) : double.NaN;
        v[Feature.BufferDays30d] = found ? Ratio(latest * 30.0, month[Sum.Out]) : double.NaN;
        v[Feature.BufferDays90d] = found ? Ratio(latest * 90.0, quarter[Sum.Out]) : double.NaN;
    }

    private void FillHistory(Vector v, int day)
    {
        var low = _life.Lows.Mean();
        var monthly = _life.FirstDay == 0 ? 0 : _life.OutflowEver * 30.0 / Math.Max(1, day - _life.FirstDay + 1);
        v[Feature.BalanceMonthlyLow] = Units(low);
        v[Feature.BalanceMonthlyLowVsOutflow] = Ratio(low, monthly);
        v[Feature.LowBalanceShare] = BalanceBands.ShareBelow(_life.Bands, (long)(monthly / 2));
    }

    /// <summary>The balance of a day record, or before the first of them the one brought forward; day 0 for none.</summary>
    private Held HeldAt(int index, int until)
    {
        if (index >= 0)
        {
            ref var record = ref _days.At(index);
            return new Held(record.Day, record.Closing, record.Lowest, record.Limit);
        }

        ref var carried = ref _life.Carried;
        return carried.Day <= until ? new Held(carried.Day, carried.Closing, carried.Closing, carried.Limit) : default;
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

    /// <summary>The latest balance known, the credit limit that came with it, and when it held; amounts in ten-thousandths.</summary>
    internal bool TryNewestBalance(out long balance, out long limit, out long since)
    {
        _days.Decode();
        var index = _days.Count - 1;
        while (index >= 0 && !_days.At(index).HasBalance)
            index--;

        var held = HeldAt(index, _life.NewestDay);
        var second = index >= 0 ? _days.At(index).ClosingSecond : _life.Carried.Second;
        (balance, limit, since) = (held.Closing, held.Limit, Days.Start(held.Day) + (second * 1000L));
        return held.Day != 0;
    }

    /// <summary>Whether a merchant may have been paid before: its slot of 64 is taken.</summary>
    internal bool KnowsMerchant(ulong merchant) => _life.Merchants[(int)(merchant & 63)] != 0;

    /// <summary>Whether a country may have been paid in before: its slot of 16 is taken.</summary>
    internal bool KnowsCountry(ushort country) => _life.Countries[(int)((country * 0x9E3779B1u) >> 28)] != 0;

    private readonly record struct Held(int Day, long Closing, long Lowest, long Limit);
}
