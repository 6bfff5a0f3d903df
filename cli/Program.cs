using System.CommandLine;
using ServerlessCLM.Cli;
using ServerlessCLM.Cli.Audit;
using ServerlessCLM.Cli.Evaluate;
using ServerlessCLM.Cli.Features;
using ServerlessCLM.Cli.Replay;
using ServerlessCLM.Cli.Simulate;
using ServerlessCLM.Cli.Train;

var train = TrainCommand.Create();
train.Subcommands.Add(TrainPortfolioCommand.Create());
var root = new RootCommand("ServerlessCLM on the command line")
{
    ReplayCommand.Create(), FeaturesCommand.Create(), EvaluateCommand.Create(), AuditCommand.Create(), SimulateCommand.Create(), train,
};
return await CommandHost.RunAsync(root, args);
