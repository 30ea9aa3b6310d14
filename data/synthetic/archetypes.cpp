#include "data/synthetic/archetypes.hpp"

#include <array>

namespace kaziranga::data::synthetic {
namespace {

using enum Plan;
using P = Proportions;

constexpr Archetype kArchetypes[] = {
    {"deer", kQuadruped, Horn::kAntler,
     P{.leg = .72F, .leg_width = .055F, .depth = .37F, .neck = .42F, .neck_angle = 58, .head = .105F, .snout = .19F,
       .hook = .3F, .tail = .12F, .tail_width = .035F, .ear = .15F, .horn = .45F}},
    {"antelope", kQuadruped, Horn::kLyre,
     P{.leg = .76F, .leg_width = .048F, .depth = .36F, .neck = .4F, .neck_angle = 52, .head = .1F, .snout = .19F,
       .hook = .25F, .tail = .25F, .tail_width = .025F, .ear = .13F, .horn = .4F}},
    {"ox", kQuadruped, Horn::kBack,
     P{.leg = .5F, .leg_width = .085F, .depth = .5F, .neck = .27F, .neck_angle = 18, .head = .14F, .snout = .22F,
       .hook = .6F, .tail = .45F, .tail_width = .028F, .ear = .12F, .horn = .3F, .hump = .1F}},
    {"horse", kQuadruped, Horn::kNone,
     P{.leg = .74F, .leg_width = .065F, .depth = .41F, .neck = .48F, .neck_angle = 50, .head = .12F, .snout = .25F,
       .tail = .55F, .tail_width = .06F, .ear = .09F, .crest = .09F}},
    {"boar", kQuadruped, Horn::kTusk,
     P{.leg = .4F, .leg_width = .06F, .depth = .45F, .neck = .15F, .neck_angle = 4, .head = .16F, .snout = .28F,
       .tail = .2F, .tail_width = .02F, .ear = .1F, .horn = .1F, .crest = .05F, .hump = .06F}},
    {"cat", kQuadruped, Horn::kNone,
     P{.leg = .48F, .leg_width = .075F, .depth = .32F, .neck = .2F, .neck_angle = 25, .head = .14F, .snout = .08F,
       .tail = .75F, .tail_width = .042F, .ear = .08F}},
    {"hound", kQuadruped, Horn::kNone,
     P{.leg = .58F, .leg_width = .058F, .depth = .34F, .neck = .26F, .neck_angle = 40, .head = .12F, .snout = .18F,
       .tail = .42F, .tail_width = .05F, .ear = .12F}},
    {"bear", kQuadruped, Horn::kNone,
     P{.leg = .42F, .leg_width = .12F, .depth = .52F, .neck = .2F, .neck_angle = 8, .head = .165F, .snout = .15F,
       .tail = .05F, .tail_width = .04F, .ear = .075F, .hump = .06F}},
    {"rhino", kQuadruped, Horn::kNose,
     P{.leg = .4F, .leg_width = .12F, .depth = .54F, .neck = .2F, .neck_angle = 2, .head = .17F, .snout = .28F,
       .hook = .3F, .tail = .25F, .tail_width = .025F, .ear = .09F, .horn = .26F}},
    {"fox", kQuadruped, Horn::kNone,
     P{.leg = .42F, .leg_width = .05F, .depth = .29F, .neck = .2F, .neck_angle = 35, .head = .12F, .snout = .15F,
       .tail = .62F, .tail_width = .09F, .ear = .14F}},
    {"camelopard", kQuadruped, Horn::kSpike,
     P{.leg = 1.0F, .leg_width = .065F, .depth = .44F, .neck = .95F, .neck_angle = 62, .head = .11F, .snout = .19F,
       .tail = .4F, .tail_width = .028F, .ear = .12F, .horn = .09F, .crest = .03F}},
    {"ibex", kQuadruped, Horn::kBack,
     P{.leg = .55F, .leg_width = .065F, .depth = .4F, .neck = .28F, .neck_angle = 45, .head = .115F, .snout = .17F,
       .hook = 1.0F, .tail = .1F, .tail_width = .03F, .ear = .1F, .horn = .5F}},
    {"tapir", kQuadruped, Horn::kNone,
     P{.leg = .42F, .leg_width = .085F, .depth = .46F, .neck = .22F, .neck_angle = 14, .head = .15F, .snout = .27F,
       .tail = .05F, .tail_width = .03F, .ear = .09F}},
    {"hare", kQuadruped, Horn::kNone,
     P{.leg = .36F, .leg_width = .06F, .depth = .42F, .neck = .12F, .neck_angle = 45, .head = .155F, .snout = .08F,
       .tail = .08F, .tail_width = .07F, .ear = .36F}},
    {"heron", kBird, Horn::kNone,
     P{.leg = .95F, .leg_width = .026F, .depth = .4F, .neck = .8F, .neck_angle = 75, .head = .1F, .snout = .38F,
       .tail = .25F, .tail_width = .12F, .crest = .2F, .pitch = 22}},
    {"finch", kBird, Horn::kNone,
     P{.leg = .28F, .leg_width = .022F, .depth = .6F, .neck = .1F, .neck_angle = 50, .head = .21F, .snout = .14F,
       .tail = .45F, .tail_width = .12F, .pitch = 32}},
    {"thrush", kBird, Horn::kNone,
     P{.leg = .36F, .leg_width = .024F, .depth = .5F, .neck = .13F, .neck_angle = 50, .head = .175F, .snout = .18F,
       .hook = .1F, .tail = .5F, .tail_width = .11F, .pitch = 28}},
    {"duck", kBird, Horn::kNone,
     P{.leg = .2F, .leg_width = .03F, .depth = .46F, .neck = .3F, .neck_angle = 70, .head = .15F, .snout = .22F,
       .tail = .22F, .tail_width = .14F, .pitch = 6}},
    {"hornbill", kBird, Horn::kNone,
     P{.leg = .24F, .leg_width = .03F, .depth = .46F, .neck = .22F, .neck_angle = 55, .head = .17F, .snout = .48F,
       .hook = .45F, .tail = .75F, .tail_width = .14F, .crest = .16F, .pitch = 38}},
    {"pheasant", kBird, Horn::kNone,
     P{.leg = .38F, .leg_width = .03F, .depth = .5F, .neck = .3F, .neck_angle = 65, .head = .12F, .snout = .12F,
       .hook = .2F, .tail = 1.25F, .tail_width = .1F, .crest = .1F, .pitch = 14}},
    {"kite", kBird, Horn::kNone,
     P{.leg = .24F, .leg_width = .04F, .depth = .52F, .neck = .14F, .neck_angle = 65, .head = .17F, .snout = .15F,
       .hook = .9F, .tail = .55F, .tail_width = .15F, .pitch = 55}},
    {"owl", kBird, Horn::kNone,
     P{.leg = .14F, .leg_width = .045F, .depth = .64F, .neck = .04F, .neck_angle = 80, .head = .28F, .snout = .09F,
       .hook = .9F, .tail = .35F, .tail_width = .16F, .ear = .12F, .pitch = 68}},
    {"parrot", kBird, Horn::kNone,
     P{.leg = .16F, .leg_width = .035F, .depth = .48F, .neck = .1F, .neck_angle = 65, .head = .21F, .snout = .17F,
       .hook = 1.1F, .tail = .85F, .tail_width = .11F, .crest = .1F, .pitch = 58}},
    {"plover", kBird, Horn::kNone,
     P{.leg = .58F, .leg_width = .022F, .depth = .46F, .neck = .16F, .neck_angle = 60, .head = .165F, .snout = .2F,
       .tail = .28F, .tail_width = .1F, .pitch = 10}},
    {"perch", kFish, Horn::kNone,
     P{.depth = .38F, .snout = .1F, .tail = .26F, .tail_width = .07F, .fin = .15F, .fork = .35F}},
    {"angelfish", kFish, Horn::kNone,
     P{.depth = .72F, .snout = .08F, .tail = .2F, .tail_width = .08F, .fin = .3F, .fork = .1F}},
    {"pike", kFish, Horn::kNone,
     P{.depth = .2F, .snout = .24F, .tail = .22F, .tail_width = .05F, .fin = .1F, .fork = .45F}},
    {"carp", kFish, Horn::kNone,
     P{.depth = .42F, .snout = .12F, .tail = .28F, .tail_width = .09F, .fin = .13F, .fork = .5F, .hump = .05F}},
    {"wrasse", kFish, Horn::kNone,
     P{.depth = .3F, .snout = .14F, .tail = .2F, .tail_width = .08F, .fin = .08F, .fork = .0F}},
    {"bonito", kFish, Horn::kNone,
     P{.depth = .3F, .snout = .14F, .tail = .3F, .tail_width = .025F, .fin = .13F, .fork = .8F}},
    {"snake", kSnake, Horn::kNone, P{.depth = .052F, .head = .036F, .snout = .04F, .hook = 1.0F, .tail = .3F}},
    {"viper", kSnake, Horn::kNone, P{.depth = .09F, .head = .068F, .snout = .04F, .hook = .8F, .tail = .16F}},
    {"boa", kSnake, Horn::kNone, P{.depth = .075F, .head = .045F, .snout = .05F, .hook = 1.3F, .tail = .22F}},
    {"lizard", kLizard, Horn::kNone,
     P{.leg = .3F, .leg_width = .03F, .depth = .22F, .head = .1F, .snout = .13F, .tail = 1.0F, .tail_width = .06F}},
    {"gecko", kLizard, Horn::kNone,
     P{.leg = .3F, .leg_width = .04F, .depth = .26F, .head = .14F, .snout = .1F, .tail = .7F, .tail_width = .08F}},
    {"monitor", kLizard, Horn::kNone,
     P{.leg = .28F, .leg_width = .045F, .depth = .3F, .neck = .14F, .head = .09F, .snout = .2F, .tail = 1.1F,
       .tail_width = .09F, .crest = .5F}},
    {"newt", kLizard, Horn::kNone,
     P{.leg = .2F, .leg_width = .032F, .depth = .18F, .head = .1F, .snout = .06F, .tail = .85F, .tail_width = .05F}},
    {"tortoise", kTurtle, Horn::kNone,
     P{.leg = .26F, .leg_width = .085F, .depth = .6F, .neck = .2F, .neck_angle = 30, .head = .095F, .snout = .06F,
       .tail = .1F, .tail_width = .03F}},
    {"terrapin", kTurtle, Horn::kNone,
     P{.leg = .18F, .leg_width = .06F, .depth = .42F, .neck = .26F, .neck_angle = 35, .head = .085F, .snout = .07F,
       .tail = .2F, .tail_width = .03F}},
    {"beetle", kBeetle, Horn::kNone,
     P{.leg = .42F, .leg_width = .024F, .depth = .56F, .head = .12F, .horn = .0F, .fin = .35F}},
    {"longhorn", kBeetle, Horn::kNone,
     P{.leg = .5F, .leg_width = .022F, .depth = .36F, .head = .1F, .horn = .0F, .fin = 1.1F}},
    {"ladybird", kBeetle, Horn::kNone,
     P{.leg = .22F, .leg_width = .025F, .depth = .86F, .head = .16F, .horn = .0F, .fin = .16F}},
    {"stag_beetle", kBeetle, Horn::kSpike,
     P{.leg = .48F, .leg_width = .028F, .depth = .5F, .head = .16F, .horn = .3F, .fin = .3F}},
    {"butterfly", kButterfly, Horn::kNone,
     P{.depth = .1F, .head = .05F, .horn = .35F, .crest = .8F, .fin = .55F, .fork = .0F}},
    {"swallowtail", kButterfly, Horn::kNone,
     P{.depth = .09F, .head = .05F, .horn = .35F, .crest = .85F, .fin = .6F, .fork = .3F}},
    {"moth", kButterfly, Horn::kNone,
     P{.depth = .17F, .head = .07F, .horn = .25F, .crest = .7F, .fin = .5F, .fork = .0F}},
};

}  // namespace

std::span<const Archetype> archetypes() { return kArchetypes; }

View view_of(Plan plan) {
    switch (plan) {
        case kQuadruped:
        case kBird:
        case kTurtle:
            return View::kSide;
        case kFish:
            return View::kWater;
        default:
            return View::kAbove;
    }
}

}  // namespace kaziranga::data::synthetic
