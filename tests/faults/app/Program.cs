using Microsoft.Extensions.Hosting;
using ServerlessCLM.KilledApp;

await OrdersApp.Create(args).RunAsync();
