using ServerlessCLM.Models;

namespace ServerlessCLM.Tests.Models.Trees;

public class TreeTrainerTests
{
    [Fact]
    public void Learns_what_made_the_labels()
    {
        var ensemble = TreeTrainer.Train(Tables.Mixed(8000, 1), new TreeOptions { Trees = 100, Depth = 4, LearningRate = .1 });
        var fresh = Tables.Mixed(4000, 2);

        // A model that knew the formula has .86; noise alone would have .5.
        Assert.InRange(Auc(ensemble, fresh), .84, .88);
    }

    private static double Auc(TreeEnsemble ensemble, TrainingSet set)
    {
        var ranked = Enumerable.Range(0, set.Rows)
            .Select(row => (Margin: ensemble.Margin(Tables.Row(set, row)), Label: set.Labels[row])).OrderBy(row => row.Margin).ToArray();
        double negatives = 0, below = 0;
        foreach (var row in ranked)
        {
            if (row.Label > 0)
                below += negatives;
            else
                negatives++;
        }

        return below / (negatives * (set.Rows - negatives));
    }
}
