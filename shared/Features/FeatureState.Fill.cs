using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ServerlessCLM.Transactions;

namespace ServerlessCLM.Features;

public sealed partial class FeatureState
{
    private ref struct Vector(Span<float> values)
    {
        private readonly Span<float> _values = values;

        public readonly double this[Feature feature]
        {
            set => _values[(int)feature] = (float)value;
        }
    }

    /// <summary>Writes the features as of an instant, which counts as its whole UTC day. NaN is missing.</summary>
    /// <remarks>Meant for the newest day or later. For an earlier one, days after it are left out of the windows, but
    /// lifetime figures and decayed sums know of them.</remarks>
    /// <param name="asOf">Milliseconds since 1970-01-01 UTC.</param>
    /// <param name="vector">At least <see cref="FeatureCatalogue.Count"/> places.</param>
    /// <exception cref="ArgumentException">The vector is too short.</exception>
    public void Fill(long asOf, Span<float> vector)
    {
        if (vector.Length < FeatureCatalogue.Count)
            throw new ArgumentException($"needs {FeatureCatalogue.Count} places, has {vector.Length}", nameof(vector));

        var day = Days.Of(asOf);
        var v = new Vector(vector);
        _days.Decode();
        FillRecency(v, day);
        FillWindows(v, day, out var month, out var quarter);
        FillIncome(v, day);
        FillBalance(v, day, month, quarter);
        FillShares(vector, day);
        FillNovelty(v, day);
    }

    private void FillRecency(Vector v, int day)
    {
        v[Feature.TenureDays] = Since(_life.FirstDay, day);
        v[Feature.DaysSincePayment] = Since(_life.LastPayment, day);
        v[Feature.DaysSincePurchase] = Since(_life.LastPurchase, day);
        v[Feature.DaysSinceInflow] = Since(_life.LastInflow, day);
        v[Feature.DaysSinceCash] = Since(_life.LastCash, day);
        v[Feature.DaysSinceReturn] = Since(_life.LastReturn, day);
        v[Feature.DaysSinceDecline] = Since(_life.LastDecline, day);
        v[Feature.DaysSincePenalty] = Since(_life.LastPenalty, day);
        v[Feature.PenaltiesEver] = _life.Penalties;
        v[Feature.ReturnsEver] = _life.Returns;
        v[Feature.RhythmLateDays] = _life.Obligations.DaysLate(day);
    }

    private static double Since(int last, int day) => last == 0 ? double.NaN : day - last;

    private static double Ratio(double part, double whole) => whole == 0 ? double.NaN : part / whole;

    private static double Units(double amount) => amount / Payment.MoneyScale;

    private void FillWindows(Vector v, int day, out WindowTotals month, out WindowTotals quarter)
    {
        var total = default(WindowTotals);
        var index = _days.Count - 1;
        while (index >= 0 && _days.At(index).Day > day)
            index--;

        AddBack(ref total, ref index, day - 6);
        var week = total;
        AddBack(ref total, ref index, day - 29);
        month = total;
        AddBack(ref total, ref index, day - 59);
        var inflowOfTwoMonths = total[Sum.In];
        AddBack(ref total, ref index, day - 89);
        quarter = total;

        FillActivity(v, week, month, quarter);
        FillFlows(v, week, month, quarter);
        v[Feature.InflowVariation90d] = Variation(
            month[Sum.In], inflowOfTwoMonths - month[Sum.In], quarter[Sum.In] - inflowOfTwoMonths);
        FillTroubles(v, week, month, quarter);
    }

    private void AddBack(ref WindowTotals total, ref int index, int firstDay)
    {
        for (; index >= 0; index--)
        {
            ref var record = ref _days.At(index);
            if (record.Day < firstDay)
                return;

            total.Add(ref record);
        }
    }

    private static void FillActivity(Vector v, in WindowTotals week, in WindowTotals month, in WindowTotals quarter)
    {
        v[Feature.Payments7d] = week[Count.Payments];
        v[Feature.Payments30d] = month[Count.Payments];
        v[Feature.Payments90d] = quarter[Count.Payments];
        v[Feature.Payments7dVs30d] = Ratio(week[Count.Payments] * 30.0, month[Count.Payments] * 7.0);
        v[Feature.Payments30dVs90d] = Ratio(month[Count.Payments] * 3.0, quarter[Count.Payments]);
        v[Feature.Purchases7d] = week[Count.Purchases];
        v[Feature.Purchases30d] = month[Count.Purchases];
        v[Feature.Purchases90d] = quarter[Count.Purchases];
        v[Feature.Purchases30dVs90d] = Ratio(month[Count.Purchases] * 3.0, quarter[Count.Purchases]);
        v[Feature.ActiveDays7d] = week.ActiveDays;
        v[Feature.ActiveDays30d] = month.ActiveDays;
        v[Feature.ActiveDays90d] = quarter.ActiveDays;
        double byHand = quarter[Count.Purchases] + quarter[Count.CashOut];
        v[Feature.NightShare90d] = Ratio(quarter[Count.Night], quarter[Count.Timed]);
        v[Feature.WeekendShare90d] = Ratio(quarter[Count.Weekend], byHand);
    }

    private static void FillFlows(Vector v, in WindowTotals week, in WindowTotals month, in WindowTotals quarter)
    {
        v[Feature.Inflow7d] = Units(week[Sum.In]);
        v[Feature.Inflow30d] = Units(month[Sum.In]);
        v[Feature.Inflow90d] = Units(quarter[Sum.In]);
        v[Feature.Inflow30dVs90d] = Ratio(month[Sum.In] * 3.0, quarter[Sum.In]);
        v[Feature.Outflow7d] = Units(week[Sum.Out]);
        v[Feature.Outflow30d] = Units(month[Sum.Out]);
        v[Feature.Outflow90d] = Units(quarter[Sum.Out]);
        v[Feature.Outflow30dVs90d] = Ratio(month[Sum.Out] * 3.0, quarter[Sum.Out]);
        v[Feature.PurchaseAmount7d] = Units(week[Sum.Purchases]);
        v[Feature.PurchaseAmount30d] = Units(month[Sum.Purchases]);
        v[Feature.PurchaseAmount90d] = Units(quarter[Sum.Purchases]);
        v[Feature.PurchaseAmount30dVs90d] = Ratio(month[Sum.Purchases] * 3.0, quarter[Sum.Purchases]);
        v[Feature.PurchaseMean90d] = Units(Ratio(quarter[Sum.Purchases], quarter[Count.Purchases]));
        v[Feature.NetFlow30d] = Units(month[Sum.In] - month[Sum.Out]);
        v[Feature.NetFlow90d] = Units(quarter[Sum.In] - quarter[Sum.Out]);
        v[Feature.OutflowToInflow90d] = Ratio(quarter[Sum.Out], quarter[Sum.In]);
        v[Feature.Inflows30d] = month[Count.Inflows];
        v[Feature.Inflows90d] = quarter[Count.Inflows];
        v[Feature.InflowDays90d] = quarter.InflowDays;
        v[Feature.LargestInflow90d] = Units(quarter.LargestIn);
        v[Feature.LargestInflowShare90d] = Ratio(quarter.LargestIn, quarter[Sum.In]);
        v[Feature.LargestOutflow90d] = Units(quarter.LargestOut);
        v[Feature.CashInShare90d] = Ratio(quarter[Sum.CashIn], quarter[Sum.In]);
        v[Feature.CashWithdrawals30d] = month[Count.CashOut];
        v[Feature.CashWithdrawals90d] = quarter[Count.CashOut];
        v[Feature.CashAmount90d] = Units(quarter[Sum.CashOut]);
        v[Feature.CashShare30d] = Ratio(month[Sum.CashOut], month[Sum.Out]);
        v[Feature.CashShare90d] = Ratio(quarter[Sum.CashOut], quarter[Sum.Out]);
    }

    /// <summary>Standard deviation over mean of three thirty-day inflows.</summary>
    private static double Variation(double a, double b, double c)
    {
        var mean = (a + b + c) / 3;
        return Ratio(Math.Sqrt(((a - mean) * (a - mean) + (b - mean) * (b - mean) + (c - mean) * (c - mean)) / 3), mean);
    }

    private static void FillTroubles(Vector v, in WindowTotals week, in WindowTotals month, in WindowTotals quarter)
    {
        v[Feature.Fees30d] = month[Count.Fees];
        v[Feature.Fees90d] = quarter[Count.Fees];
        v[Feature.FeeAmount90d] = Units(quarter[Sum.Fees]);
        v[Feature.Penalties90d] = quarter[Count.Penalties];
        v[Feature.PenaltyAmount90d] = Units(quarter[Sum.Penalties]);
        v[Feature.Returns30d] = month[Count.Returned];
        v[Feature.Returns90d] = quarter[Count.Returned];
        v[Feature.Declines7d] = week[Count.Declined];
        v[Feature.Declines30d] = month[Count.Declined];
        v[Feature.Declines90d] = quarter[Count.Declined];
        v[Feature.DeclineRate90d] = Ratio(quarter[Count.Declined], quarter[Count.Declined] + quarter[Count.Payments]);
        v[Feature.Obligations90d] = quarter[Count.Obligations];
        v[Feature.ObligationAmount90d] = Units(quarter[Sum.Obligations]);
        v[Feature.ObligationsToInflow90d] = Ratio(quarter[Sum.Obligations], quarter[Sum.In]);
        v[Feature.LatePayments90d] = quarter[Count.Late];
        v[Feature.LateRate90d] = Ratio(quarter[Count.Late], quarter[Count.Due]);
        v[Feature.DaysLateMean90d] = Ratio(quarter[Count.LateDays], quarter[Count.Due]);
    }

    private void FillIncome(Vector v, int day)
    {
        var pay = _life.Pay.Read();
        var known = pay.LastDay != 0;
        v[Feature.SalaryAmount] = known ? Units(pay.Last) : double.NaN;
        v[Feature.SalaryMean] = known ? Units(pay.Mean) : double.NaN;
        v[Feature.SalaryChange] = pay.Previous == 0 ? double.NaN : pay.Last / (double)pay.Previous - 1;
        v[Feature.SalaryVariation] = known ? pay.Variation : double.NaN;
        v[Feature.SalaryMonths] = pay.Months;
        v[Feature.SalaryDayOfMonth] = known ? Days.Civil(pay.LastDay).DayOfMonth : double.NaN;
        v[Feature.DaysSinceSalary] = Since(pay.LastDay, day);
        v[Feature.SalaryOverdueDays] = known ? Math.Max(0, day - pay.LastDay - PayRhythm.Cycle) : double.NaN;
    }

    private void FillShares(Span<float> vector, int day)
    {
        double total = 0, squares = 0;
        foreach (var spend in _life.Spend)
        {
            total += spend;
            squares += spend * spend;
        }

        // What has faded away altogether says nothing.
        if (total * HalfLife.Month.Weight(_life.Landmark - day) < 1e-6)
            total = 0;

        var shares = vector.Slice((int)Feature.ShareGroceries, 16);
        var one = Ratio(1, total);
        for (var group = 0; group < 16; group++)
            shares[group] = (float)(_life.Spend[group] * one);

        vector[(int)Feature.SpendConcentration] = (float)Ratio(squares, total * total);
    }

    private void FillNovelty(Vector v, int day)
    {
        v[Feature.MerchantSlots] = Between(_life.Merchants, 1, day);
        v[Feature.NewMerchants30d] = Between(_life.Merchants, day - 29, day);
        v[Feature.NewMerchants90d] = Between(_life.Merchants, day - 89, day);
        v[Feature.CountrySlots] = Between(_life.Countries, 1, day);
        v[Feature.NewCountries90d] = Between(_life.Countries, day - 89, day);
    }

    /// <summary>How many of the days, whose number is a multiple of sixteen, lie in a range.</summary>
    private static int Between(ReadOnlySpan<ushort> slots, int from, int to)
    {
        // Unsigned, one comparison a slot: an empty slot (0) lies outside, as from is at least 1.
        var first = Math.Max(from, 1);
        var start = Vector256.Create((ushort)first);
        var width = Vector256.Create((ushort)(to - first));
        var count = 0;
        foreach (var sixteen in MemoryMarshal.Cast<ushort, Vector256<ushort>>(slots))
            count += BitOperations.PopCount(Vector256.LessThanOrEqual(sixteen - start, width).ExtractMostSignificantBits());

        return count;
    }
}
