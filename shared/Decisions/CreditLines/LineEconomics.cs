using MathNet.Numerics.Distributions;

namespace ServerlessCLM.Decisions.CreditLines;

/// <summary>What a line would bring in a year, in units of the currency.</summary>
/// <param name="Line">The line.</param>
/// <param name="Balance">Balance expected.</param>
/// <param name="Exposure">Exposure at default.</param>
/// <param name="Pd">Probability of default within a year.</param>
/// <param name="Income">Interest margin and interchange.</param>
/// <param name="ExpectedLoss">PD × LGD × exposure.</param>
/// <param name="Capital">Capital against unexpected loss.</param>
/// <param name="Profit">Income less expected loss, servicing and the cost of capital.</param>
public readonly record struct LineOutcome(
    decimal Line, double Balance, double Exposure, double Pd, double Income, double ExpectedLoss, double Capital, double Profit)
{
    /// <summary>Income less expected loss over capital (RAROC); 0 without capital.</summary>
    public double ReturnOnCapital => Capital > 0 ? (Income - ExpectedLoss) / Capital : 0;
}

/// <summary>Parameters of what a line earns and costs.</summary>
/// <param name="Interest">Rate charged.</param>
/// <param name="Funding">Rate paid for the money.</param>
/// <param name="Interchange">Share of card spend earned.</param>
/// <param name="Servicing">Cost of an account a year.</param>
/// <param name="Revolving">Share of the balance that bears interest.</param>
/// <param name="Drawn">Share of an increase that is drawn (Gross and Souleles 2002: 0.10 to 0.14).</param>
/// <param name="Conversion">Share of the undrawn line that is drawn by the time of default.</param>
/// <param name="PdGrowth">Exponent by which PD grows with the line: PD·(line/line now)^growth.</param>
/// <param name="DefaultGivenMissed">Defaults over missed payments, where PD is made of the chance of missing one.</param>
/// <param name="Hurdle">Return that capital has to earn.</param>
/// <remarks>
/// Capital is the Basel requirement for qualifying revolving retail (CRE31.15): LGD·Φ((Φ⁻¹(PD) + √R·Φ⁻¹(0.999))/√(1 − R)) − PD·LGD with R = 0.04,
/// per unit of exposure. It adds up over accounts, which makes the portfolio's problem separable.
/// </remarks>
public sealed record LineEconomics(
    double Interest, double Funding, double Interchange, double Servicing, double Revolving, double Drawn, double Conversion, double PdGrowth,
    double DefaultGivenMissed, double Hurdle)
{
    private const double Correlation = 0.04, Quantile = 3.090232306167813;

    public LineOutcome Of(CreditLineInput input, decimal line)
    {
        var (now, wanted) = ((double)input.Line, (double)line);
        var balance = wanted >= now ? (double)input.Balance + (Drawn * (wanted - now)) : Math.Min((double)input.Balance, wanted);
        balance = Math.Min(balance, Math.Max(wanted, 0));
        var exposure = balance + (Conversion * (wanted - balance));
        var pd = Math.Clamp(input.Pd * Math.Pow(wanted / now, PdGrowth), 0, 1);
        var income = (balance * Revolving * (Interest - Funding)) + (Interchange * (double)input.YearlySpend * (1 + (Drawn * Math.Min(0, wanted - now) / now)));
        var loss = pd * input.Lgd * exposure;
        var capital = CapitalRatio(pd, input.Lgd) * exposure;
        return new LineOutcome(line, balance, exposure, pd, income, loss, capital, income - loss - Servicing - (Hurdle * capital));
    }

    /// <summary>Basel capital per unit of exposure.</summary>
    public static double CapitalRatio(double pd, double lgd)
    {
        if (pd is <= 0 or >= 1)
            return 0;

        var stressed = (Normal.InvCDF(0, 1, pd) + (Math.Sqrt(Correlation) * Quantile)) / Math.Sqrt(1 - Correlation);
        return lgd * (Normal.CDF(0, 1, stressed) - pd);
    }
}
