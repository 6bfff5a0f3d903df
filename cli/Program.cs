using System.CommandLine;
using ServerlessCLM.Cli;
using ServerlessCLM.Cli.Features;
using ServerlessCLM.Cli.Replay;
using ServerlessCLM.Cli.Train;

var root = new RootCommand("ServerlessCLM on the command line") { ReplayCommand.Create(), FeaturesCommand.Create(), new Command("train", "Train models") { TrainPortfolioCommand.Create() } };
return await CommandHost.RunAsync(root, args);
