using Gamekeeper.Friends;
using Microsoft.Extensions.DependencyInjection;

namespace Gamekeeper;

/// <summary>Gives a game friends.</summary>
public static class FriendsRegistration
{
    /// <summary>
    /// Adds <see cref="Friends{TModule}"/> of the game. Its table is made by a migration of the game's own with the line
    /// <c>--@include friends.v1 players=users</c>, which names the game's table of players.
    /// </summary>
    public static ModuleRegistration Friends<TModule>(this ModuleRegistration module)
        where TModule : ISchemaOwner
    {
        module.Services.AddSingleton<Friends<TModule>>();
        return module;
    }
}
