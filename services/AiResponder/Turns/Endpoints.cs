using MassTransit;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.AiResponder.Turns;

internal static class Endpoints
{
    public static void AddTurns(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(builder.Configuration.GetSection("Turns").Get<TurnSettings>() ?? new());
        builder.Services.AddSingleton<TakeInMessages>();
        builder.Services.AddSingleton<OpenTurn>();
        builder.Services.AddSingleton<SealReply>();
        builder.Services.AddSingleton<ReleaseTurn>();
        builder.Services.AddSingleton<ReachDatabase>();
        builder.Services.AddSingleton<GenerateReply>();
        builder.Services.AddSingleton<RunningTurns>();
        builder.Services.AddSingleton(provider =>
            provider.GetRequiredService<RunningTurns>().Notification(provider.GetRequiredService<KeepLeases>())
        );
        builder.Services.AddSweeper<ClaimTurns>();
        builder.Services.AddTimerRows("turn_clock", "wake_at", "not silent");
        builder.Services.AddSweeper<KeepLeases>();
    }

    public static void AddTurns(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ReceiveMessagesConsumer>();
        bus.AddConsumer<ChangeThreadConsumer>();
        bus.AddConsumer<RememberHumanConsumer>();
    }
}
