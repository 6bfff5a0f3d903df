using MathNet.Numerics.Distributions;

namespace ServerlessCLM.Decisions;

/// <summary>
/// What is believed of each action's propensity: a Beta distribution, its prior with the answers so far, laid out as
/// <see cref="Atoms"/> equally likely values, the quantiles at (k + ½) / <see cref="Atoms"/>.
/// </summary>
/// <remarks>
/// Thompson sampling draws one of the values of each action, so that the probability with which an action is chosen is a finite sum
/// (<see cref="ThompsonRound"/>) and exact. Where a model scores the propensity, the same values are shifted in log-odds until that of the
/// mean is the score: the model says how much, the belief how sure.
/// </remarks>
public sealed class PropensityBeliefs
{
    public const int Atoms = 32;

    private readonly double[] _alphas, _betas, _means, _atoms, _odds;

    private PropensityBeliefs(int actions)
    {
        (_alphas, _betas, _means) = (new double[actions], new double[actions], new double[actions]);
        (_atoms, _odds) = (new double[actions * Atoms], new double[actions * Atoms]);
    }

    /// <param name="strategy">The actions and their priors.</param>
    /// <param name="answers">Accepted and not accepted so far, by action; null where nobody has been asked.</param>
    /// <param name="before">Of the same strategy: what has not changed since is taken over, because quantiles are dear.</param>
    public static PropensityBeliefs Of(
        CompiledStrategy strategy, Func<StrategyAction, (double Accepted, double Declined)>? answers = null, PropensityBeliefs? before = null)
    {
        var beliefs = new PropensityBeliefs(strategy.Actions.Length);
        for (var action = 0; action < strategy.Actions.Length; action++)
        {
            var source = strategy.Actions[action].Source;
            if (source.Propensity is not { Prior: var prior })
                continue;

            var (accepted, declined) = answers?.Invoke(source) ?? default;
            beliefs.Set(action, prior.Alpha + accepted, prior.Beta + declined, before);
        }

        return beliefs;
    }

    /// <summary>Mean of the distribution: α / (α + β).</summary>
    public double Mean(int action) => _means[action];

    /// <summary>The equally likely values, ascending.</summary>
    /// <param name="action">Its place in the strategy.</param>
    /// <param name="score">A model's, or NaN.</param>
    /// <param name="values">At least <see cref="Atoms"/> places.</param>
    internal void Fill(int action, double score, Span<double> values)
    {
        if (double.IsNaN(score))
        {
            _atoms.AsSpan(action * Atoms, Atoms).CopyTo(values);
            return;
        }

        var odds = _odds.AsSpan(action * Atoms, Atoms);
        for (var k = 0; k < odds.Length; k++)
            values[k] = score * odds[k] / (1 - score + (score * odds[k]));
    }

    private void Set(int action, double alpha, double beta, PropensityBeliefs? before)
    {
        (_alphas[action], _betas[action]) = (alpha, beta);
        if (before is not null && before._alphas[action] == alpha && before._betas[action] == beta)
        {
            _means[action] = before._means[action];
            before._atoms.AsSpan(action * Atoms, Atoms).CopyTo(_atoms.AsSpan(action * Atoms));
            before._odds.AsSpan(action * Atoms, Atoms).CopyTo(_odds.AsSpan(action * Atoms));
            return;
        }

        var mean = _means[action] = alpha / (alpha + beta);
        for (var k = 0; k < Atoms; k++)
        {
            // The ends are kept off 0 and 1, where odds are 0 and infinite.
            var value = Math.Clamp(Beta.InvCDF(alpha, beta, (k + 0.5) / Atoms), 1e-12, 1 - 1e-12);
            _atoms[(action * Atoms) + k] = value;
            _odds[(action * Atoms) + k] = value / (1 - value) / (mean / (1 - mean));
        }
    }
}
