using MathNet.Numerics;

namespace ServerlessCLM.Experiments;

/// <summary>
/// A confidence sequence for a proportion that holds for any counts, from the first unit on: what is known while events are too few for
/// <see cref="ConfidenceSequence"/>.
/// </summary>
/// <remarks>
/// Robbins (1970), the mixture of the binomial likelihood over a Beta(½, ½): the proportion p is left out once
/// B(x + ½, n − x + ½) / B(½, ½) / (p^x (1 − p)^(n − x)) reaches 1/α (Ville's inequality).
/// </remarks>
public static class ProportionSequence
{
    /// <summary>The proportions that so many events of so many units leave possible.</summary>
    public static (double Low, double High) Of(long events, long units, double alpha)
    {
        var (x, rest) = ((double)events, (double)(units - events));
        var edge = SpecialFunctions.BetaLn(x + 0.5, rest + 0.5) - SpecialFunctions.BetaLn(0.5, 0.5) + Math.Log(alpha);
        var mean = units == 0 ? 0.5 : x / units;
        return (events == 0 ? 0 : Edge(0, mean), rest == 0 ? 1 : Edge(1, mean));

        // Between an end, which is left out, and the mean, which never is.
        double Edge(double outside, double inside)
        {
            for (var i = 0; i < 60; i++)
            {
                var middle = (outside + inside) / 2;
                var likelihood = (x == 0 ? 0 : x * Math.Log(middle)) + (rest == 0 ? 0 : rest * Math.Log(1 - middle));
                (outside, inside) = likelihood <= edge ? (middle, inside) : (outside, middle);
            }

            return outside;
        }
    }

    /// <summary>The difference of two proportions, each with half of the level; p is 1 unless no difference is left out, where it is α.</summary>
    public static Comparison Compare((long Events, long Units) control, (long Events, long Units) treatment, double alpha)
    {
        var (a, b) = (Of(control.Events, control.Units, alpha / 2), Of(treatment.Events, treatment.Units, alpha / 2));
        var (low, high) = (b.Low - a.High, b.High - a.Low);
        return new Comparison(
            ((double)treatment.Events / treatment.Units) - ((double)control.Events / control.Units), low, high, low > 0 || high < 0 ? alpha : 1);
    }
}
