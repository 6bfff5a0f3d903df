using Microsoft.Extensions.Hosting;
using ServerlessCLM.Functions;

ServerlessClm.Create(args).Run();
