namespace ServerlessCLM.Models;

/// <summary>Points and weights of Gauss–Legendre quadrature on 0 to 1: n points integrate polynomials up to degree 2n − 1 exactly.</summary>
internal static class GaussLegendre
{
    public static (double[] Points, double[] Weights) Rule(int count)
    {
        var points = new double[count];
        var weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            // Newton's method on the Legendre polynomial, from Tricomi's estimate of its i-th root.
            var x = Math.Cos(Math.PI * (i + 0.75) / (count + 0.5));
            double slope;
            double step;
            do
            {
                (var value, slope) = Legendre(count, x);
                step = value / slope;
                x -= step;
            }
            while (Math.Abs(step) > 1e-15);

            points[i] = (1 - x) / 2;
            weights[i] = 1 / ((1 - (x * x)) * slope * slope);
        }

        return (points, weights);
    }

    /// <summary>Value and derivative of the Legendre polynomial, by Bonnet's recursion.</summary>
    private static (double Value, double Slope) Legendre(int degree, double x)
    {
        double before = 1, value = x;
        for (var k = 2; k <= degree; k++)
            (before, value) = (value, ((((2 * k) - 1) * x * value) - ((k - 1) * before)) / k);
        return (value, degree * ((x * value) - before) / ((x * x) - 1));
    }
}
