using ServerlessCLM.Bench.Transactions;

switch (args.FirstOrDefault())
{
    case "parse":
        ParseBenchmark.Run(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine("Which benchmark: parse");
        return 2;
}
