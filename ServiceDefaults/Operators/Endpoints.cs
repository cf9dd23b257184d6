using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Management;
using WpAsis.ServiceDefaults.Security;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Operators;

/// <summary>
/// What operators do to a running service: management port only, with a token for operators, and every call leaves a record.
/// The dashboard's commands call these addresses.
/// </summary>
public static class OperatorsFeature
{
    /// <summary>Where all of them begin.</summary>
    public const string Prefix = "/operators";

    /// <summary>The group that a service adds its own commands to.</summary>
    public static RouteGroupBuilder MapOperatorGroup(this IEndpointRouteBuilder routes) =>
        routes.MapGroup(Prefix).ManagementOnly().RequireAuthorization(Policies.Operator);

    internal static void AddOperators<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        services.AddSingleton(provider => new OperatorDatabase(() => provider.GetRequiredService<WorkDb<TContext>>().DataSource));
        services.AddTimerRows("outbox", "next_at");
    }

    internal static void MapOperators(this WebApplication app)
    {
        if (app.Services.GetService<OperatorDatabase>() is null)
            return;
        var operators = app.MapOperatorGroup();
        operators.MapRunRetention();
        operators.MapListTimers();
        if (app.Services.GetService<IBusControl>() is null)
            return;
        operators.MapShowOutbox();
        operators.MapListErrorQueues();
        operators.MapRedriveErrorQueue();
    }
}

/// <summary>The service's database as the <c>_work</c> role sees it, whatever its context is.</summary>
internal sealed class OperatorDatabase(Func<NpgsqlDataSource> source)
{
    private const int Seconds = 10;

    /// <summary>A command that ends when it takes too long.</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
#pragma warning disable CA2100 // Every text is a constant of ours; values are parameters.
        var command = source().CreateCommand(sql);
#pragma warning restore CA2100
        command.CommandTimeout = Seconds;
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}

/// <summary>One page of what an operator asked for.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">How to ask for the next page; absent on the last.</param>
public sealed record OperatorPage<TItem>(IReadOnlyList<TItem> Items, string? Next = null);
