using ServerlessCLM.Bench.Conditions;
using ServerlessCLM.Bench.Durable;
using ServerlessCLM.Bench.Features;
using ServerlessCLM.Bench.Transactions;

switch (args.FirstOrDefault())
{
    case "conditions":
        ConditionsBench.Run(Console.Out);
        return 0;
    case "durable":
        await DurableBench.RunAsync(Console.Out);
        return 0;
    case "features":
        FeaturesBench.Run(Console.Out);
        return 0;
    case "pipeline":
        PipelineBench.Run(Console.Out);
        return 0;
    case "parse":
        ParseBenchmark.Run(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine("Which benchmark: conditions, durable, features, parse, pipeline");
        return 2;
}
