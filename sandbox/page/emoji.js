// Emoji by the short names that Slack uses. Several names for one emoji are joined by a comma.

const TABLE = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing,satisfied 😆 sweat_smile 😅 rolling_on_the_floor_laughing,rofl 🤣
joy 😂 slightly_smiling_face 🙂 upside_down_face 🙃 melting_face 🫠 wink 😉 blush 😊 innocent 😇
smiling_face_with_3_hearts 🥰 heart_eyes 😍 star-struck,grinning_face_with_star_eyes 🤩 kissing_heart 😘 kissing 😗
relaxed ☺️ kissing_closed_eyes 😚 kissing_smiling_eyes 😙 smiling_face_with_tear 🥲 yum 😋 stuck_out_tongue 😛
stuck_out_tongue_winking_eye 😜 zany_face 🤪 stuck_out_tongue_closed_eyes 😝 money_mouth_face 🤑 hugging_face 🤗
face_with_hand_over_mouth 🤭 shushing_face 🤫 thinking_face,thinking 🤔 saluting_face 🫡 zipper_mouth_face 🤐
face_with_raised_eyebrow 🤨 neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒
face_with_rolling_eyes 🙄 grimacing 😬 lying_face 🤥 relieved 😌 pensive 😔 sleepy 😪 drooling_face 🤤 sleeping 😴
mask 😷 face_with_thermometer 🤒 face_with_head_bandage 🤕 nauseated_face 🤢 sneezing_face 🤧 hot_face 🥵
cold_face 🥶 woozy_face 🥴 dizzy_face 😵 exploding_head 🤯 face_with_cowboy_hat 🤠 partying_face 🥳 disguised_face 🥸
sunglasses 😎 nerd_face 🤓 face_with_monocle 🧐 confused 😕 worried 😟 slightly_frowning_face 🙁
white_frowning_face,frowning_face ☹️ open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 pleading_face 🥺 frowning 😦
anguished 😧 fearful 😨 cold_sweat 😰 disappointed_relieved 😥 cry 😢 sob 😭 scream 😱 confounded 😖 persevere 😣
disappointed 😞 sweat 😓 weary 😩 tired_face 😫 yawning_face 🥱 triumph 😤 rage 😡 angry 😠
face_with_symbols_on_mouth 🤬 smiling_imp 😈 imp 👿 skull 💀 hankey,poop 💩 clown_face 🤡 ghost 👻 alien 👽
robot_face,robot 🤖 smile_cat 😸 joy_cat 😹 heart_eyes_cat 😻 see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊
kiss 💋 love_letter 💌 cupid 💘 gift_heart 💝 sparkling_heart 💖 heartpulse 💗 heartbeat 💓 two_hearts 💕
broken_heart 💔 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜
brown_heart 🤎 black_heart 🖤 white_heart 🤍 100 💯 anger 💢 boom,collision 💥 dizzy 💫 sweat_drops 💦 dash 💨
hole 🕳️ bomb 💣 speech_balloon 💬 left_speech_bubble 🗨️ thought_balloon 💭 zzz 💤 wave 👋
raised_back_of_hand 🤚 raised_hand_with_fingers_splayed 🖐️ hand,raised_hand ✋ spock-hand 🖖 ok_hand 👌
pinching_hand 🤏 v ✌️ crossed_fingers 🤞 i_love_you_hand_sign 🤟 the_horns 🤘 call_me_hand 🤙 point_left 👈
point_right 👉 point_up_2 👆 middle_finger 🖕 point_down 👇 point_up ☝️ +1,thumbsup 👍 -1,thumbsdown 👎 fist ✊
facepunch,punch 👊 left-facing_fist 🤛 right-facing_fist 🤜 clap 👏 raised_hands 🙌 heart_hands 🫶 open_hands 👐
palms_up_together 🤲 handshake 🤝 pray 🙏 writing_hand ✍️ nail_care 💅 selfie 🤳 muscle 💪 ear 👂 nose 👃 brain 🧠
eyes 👀 eye 👁️ tongue 👅 baby 👶 boy 👦 girl 👧 adult 🧑 man 👨 woman 👩 older_man 👴 older_woman 👵
no_good 🙅 ok_woman 🙆 information_desk_person,tipping_hand_person 💁 raising_hand 🙋 bow 🙇 face_palm 🤦 shrug 🤷
cop 👮 detective,sleuth_or_spy 🕵️ guardsman 💂 construction_worker 👷 superhero 🦸 mage 🧙 technologist 🧑‍💻
office_worker 🧑‍💼 teacher 🧑‍🏫 walking 🚶 runner,running 🏃 dancer 💃 climbing 🧗 person_in_lotus_position 🧘
busts_in_silhouette 👥 bust_in_silhouette 👤 speaking_head_in_silhouette 🗣️ footprints 👣 family 👪 dog 🐶 cat 🐱
mouse 🐭 hamster 🐹 rabbit 🐰 fox_face 🦊 bear 🐻 panda_face 🐼 koala 🐨 tiger 🐯 lion_face 🦁 cow 🐮 pig 🐷 frog 🐸
monkey_face 🐵 chicken 🐔 penguin 🐧 bird 🐦 eagle 🦅 duck 🦆 owl 🦉 wolf 🐺 horse 🐴 unicorn_face,unicorn 🦄 bee 🐝
bug 🐛 butterfly 🦋 snail 🐌 ladybug,beetle 🐞 ant 🐜 turtle 🐢 snake 🐍 octopus 🐙 crab 🦀 tropical_fish 🐠 fish 🐟
dolphin,flipper 🐬 whale 🐳 shark 🦈 crocodile 🐊 elephant 🐘 camel 🐫 sheep 🐑 goat 🐐 feet 🐾 dragon 🐉
cactus 🌵 christmas_tree 🎄 evergreen_tree 🌲 deciduous_tree 🌳 palm_tree 🌴 seedling 🌱 herb 🌿 shamrock ☘️
four_leaf_clover 🍀 fallen_leaf 🍂 leaves 🍃 mushroom 🍄 bouquet 💐 tulip 🌷 rose 🌹 hibiscus 🌺 cherry_blossom 🌸
blossom 🌼 sunflower 🌻 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 globe_with_meridians 🌐 full_moon 🌕
new_moon 🌑 crescent_moon 🌙 star ⭐ star2 🌟 sparkles ✨ zap ⚡ fire 🔥 rainbow 🌈 sunny,sun ☀️ sun_with_face 🌞
partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ thunder_cloud_and_rain ⛈️ snowflake ❄️ snowman ⛄ wind_blowing_face 🌬️
droplet 💧 ocean 🌊 umbrella ☔ green_apple 🍏 apple 🍎 pear 🍐 tangerine 🍊 lemon 🍋 banana 🍌 watermelon 🍉 grapes 🍇
strawberry 🍓 cherries 🍒 peach 🍑 mango 🥭 pineapple 🍍 kiwifruit 🥝 avocado 🥑 tomato 🍅 eggplant 🍆 cucumber 🥒
carrot 🥕 corn 🌽 hot_pepper 🌶️ potato 🥔 bread 🍞 croissant 🥐 cheese_wedge 🧀 egg 🥚 pancakes 🥞 bacon 🥓
hamburger 🍔 fries 🍟 pizza 🍕 taco 🌮 burrito 🌯 green_salad 🥗 spaghetti 🍝 ramen 🍜 sushi 🍣 icecream 🍦
doughnut 🍩 cookie 🍪 birthday 🎂 cake 🍰 cupcake 🧁 chocolate_bar 🍫 candy 🍬 popcorn 🍿 coffee ☕ tea 🍵 beer 🍺
beers 🍻 clinking_glasses 🥂 champagne 🍾 wine_glass 🍷 cocktail 🍸 fork_and_knife 🍴 soccer ⚽ basketball 🏀
football 🏈 baseball ⚾ tennis 🎾 8ball 🎱 golf ⛳ bow_and_arrow 🏹 dart 🎯 trophy 🏆 sports_medal 🏅
first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 medal 🎖️ ticket 🎫 art 🎨 microphone 🎤
headphones 🎧 musical_note 🎵 notes 🎶 guitar 🎸 video_game 🎮 game_die 🎲 jigsaw 🧩 chess_pawn ♟️ car,red_car 🚗 taxi 🚕
bus 🚌 racing_car 🏎️ police_car 🚓 ambulance 🚑 fire_engine 🚒 truck 🚚 tractor 🚜 bike 🚲 rotating_light 🚨 train 🚋
bullettrain_side 🚄 airplane ✈️ airplane_departure 🛫 airplane_arriving 🛬 rocket 🚀 flying_saucer 🛸 helicopter 🚁
boat,sailboat ⛵ ship 🚢 anchor ⚓ construction 🚧 fuelpump ⛽ busstop 🚏 vertical_traffic_light 🚦 traffic_light 🚥
world_map 🗺️ statue_of_liberty 🗽 house 🏠 office 🏢 factory 🏭 hospital 🏥 bank 🏦 hotel 🏨 school 🏫 stadium 🏟️
mountain ⛰️ sunrise 🌅 night_with_stars 🌃 bridge_at_night 🌉 watch ⌚ iphone 📱 calling 📲 computer 💻 keyboard ⌨️
desktop_computer 🖥️ printer 🖨️ floppy_disk 💾 cd 💿 camera 📷 video_camera 📹 movie_camera 🎥
phone,telephone ☎️ telephone_receiver 📞 tv 📺 radio 📻 stopwatch ⏱️ timer_clock ⏲️ alarm_clock ⏰
hourglass ⌛ hourglass_flowing_sand ⏳ satellite 🛰️ battery 🔋 electric_plug 🔌 bulb 💡 flashlight 🔦 candle 🕯️
moneybag 💰 money_with_wings 💸 dollar 💵 yen 💴 euro 💶 pound 💷 coin 🪙 credit_card 💳 gem 💎 scales ⚖️ toolbox 🧰
wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ nut_and_bolt 🔩 gear ⚙️ chains ⛓️ magnet 🧲 shield 🛡️ telescope 🔭
microscope 🔬 pill 💊 syringe 💉 thermometer 🌡️ broom 🧹 soap 🧼 key 🔑 door 🚪 couch_and_lamp 🛋️ bed 🛏️ gift 🎁
balloon 🎈 tada 🎉 confetti_ball 🎊 envelope,email ✉️ incoming_envelope 📨 e-mail 📧 inbox_tray 📥 outbox_tray 📤
package 📦 label 🏷️ mailbox 📫 postbox 📮 scroll 📜 page_with_curl 📃 page_facing_up 📄 bookmark_tabs 📑 receipt 🧾
bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 spiral_note_pad 🗒️ spiral_calendar_pad 🗓️
date 📅 calendar 📆 card_index 📇 card_file_box 🗃️ ballot_box_with_ballot 🗳️ file_cabinet 🗄️ clipboard 📋
file_folder 📁 open_file_folder 📂 newspaper 📰 notebook 📓 closed_book 📕 green_book 📗 blue_book 📘
orange_book 📙 books 📚 book,open_book 📖 bookmark 🔖 link 🔗 paperclip 📎 linked_paperclips 🖇️ triangular_ruler 📐
straight_ruler 📏 pushpin 📌 round_pushpin 📍 scissors ✂️ lower_left_ballpoint_pen 🖊️ pencil,memo 📝 pencil2 ✏️ mag 🔍
mag_right 🔎 lock_with_ink_pen 🔏 closed_lock_with_key 🔐 lock 🔒 unlock 🔓 heavy_heart_exclamation_mark_ornament ❣️
warning ⚠️ no_entry ⛔ no_entry_sign 🚫 x ❌ o ⭕ octagonal_sign,stop_sign 🛑 bangbang ‼️ interrobang ⁉️ question ❓
grey_question ❔ grey_exclamation ❕ exclamation,heavy_exclamation_mark ❗ white_check_mark ✅
ballot_box_with_check ☑️ heavy_check_mark ✔️ heavy_multiplication_x ✖️ negative_squared_cross_mark ❎
heavy_plus_sign ➕ heavy_minus_sign ➖ heavy_division_sign ➗ recycle ♻️ beginner 🔰 trident 🔱 infinity ♾️ tm ™️
copyright ©️ registered ®️ sos 🆘 new 🆕 ok 🆗 up 🆙 cool 🆒 free 🆓 id 🆔 information_source ℹ️ abc 🔤 hash #️⃣
zero 0️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟
arrow_forward ▶️ arrow_backward ◀️ double_vertical_bar ⏸️ black_square_for_stop ⏹️ black_circle_for_record ⏺️
fast_forward ⏩ rewind ⏪ arrow_up_small 🔼 arrow_down_small 🔽 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️
arrow_upper_right ↗️ arrow_lower_right ↘️ arrow_lower_left ↙️ arrow_upper_left ↖️ arrow_up_down ↕️
left_right_arrow ↔️ arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️ twisted_rightwards_arrows 🔀 repeat 🔁
arrows_counterclockwise 🔄 arrows_clockwise 🔃 back 🔙 end 🔚 on 🔛 soon 🔜 top 🔝 red_circle 🔴
large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle,blue_circle 🔵 large_purple_circle 🟣
large_brown_circle 🟤 black_circle ⚫ white_circle ⚪ large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨
large_green_square 🟩 large_blue_square 🟦 large_purple_square 🟪 large_brown_square 🟫 black_large_square ⬛
white_large_square ⬜ black_medium_square ◼️ white_medium_square ◻️ small_blue_diamond 🔹 small_orange_diamond 🔸
large_blue_diamond 🔷 large_orange_diamond 🔶 small_red_triangle 🔺 small_red_triangle_down 🔻
diamond_shape_with_a_dot_inside 💠 radio_button 🔘 speaker 🔈 loud_sound 🔊 mute 🔇 mega 📣 loudspeaker 📢 bell 🔔
no_bell 🔕 clock1 🕐 clock2 🕑 clock3 🕒 clock4 🕓 clock5 🕔 clock6 🕕 clock7 🕖 clock8 🕗 clock9 🕘 clock10 🕙
clock11 🕚 clock12 🕛 checkered_flag 🏁 triangular_flag_on_post 🚩 crossed_flags 🎌 waving_black_flag 🏴
waving_white_flag 🏳️ us,flag-us 🇺🇸 gb,uk,flag-gb 🇬🇧 de,flag-de 🇩🇪 fr,flag-fr 🇫🇷 es,flag-es 🇪🇸 it,flag-it 🇮🇹
jp,flag-jp 🇯🇵 flag-eu 🇪🇺 flag-at 🇦🇹 flag-ch 🇨🇭 flag-nl 🇳🇱 flag-pl 🇵🇱 flag-in 🇮🇳 flag-br 🇧🇷 flag-ca 🇨🇦
`;

const SYMBOLS = new Map();
const words = TABLE.trim().split(/\s+/);
for (let i = 0; i < words.length; i += 2) {
  for (const name of words[i].split(",")) SYMBOLS.set(name, words[i + 1]);
}

const TONES = { "skin-tone-2": "🏻", "skin-tone-3": "🏼", "skin-tone-4": "🏽", "skin-tone-5": "🏾", "skin-tone-6": "🏿" };

/** The emoji of a short name (with its skin tone, if any), or null. */
export function symbol(name, tone) {
  const found = SYMBOLS.get(name);
  return found ? found + (TONES[tone] || "") : null;
}

const SHORTCODE = /:([a-z0-9_+'-]+):(?::(skin-tone-[2-6]):)?/g;

/** Text with its known :short_names: as emoji. */
export function emojify(text) {
  return String(text).replace(SHORTCODE, (whole, name, tone) => symbol(name, tone) || whole);
}

/** Whether a text is nothing but a few emoji, which are then drawn large. */
export function onlyEmoji(text) {
  const bare = emojify(text).replace(/\s/g, "");
  return bare !== "" && [...bare].length < 24 && /^(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F|\u200D|\p{Regional_Indicator})+$/u.test(bare);
}

const COMMON = "+1 eyes white_check_mark tada heart raised_hands pray fire rocket thinking_face joy smile slightly_smiling_face neutral_face slightly_frowning_face disappointed clap muscle wave ok_hand -1 x warning question exclamation bulb dart trophy moneybag chart_with_upwards_trend chart_with_downwards_trend calendar memo pushpin link hourglass_flowing_sand coffee beers star sparkles sunny palm_tree bug 100 large_green_circle large_yellow_circle red_circle arrows_counterclockwise".split(" ");

/** The [name, emoji] that people use most. */
export const common = () => COMMON.map((name) => [name, SYMBOLS.get(name)]);

/** Up to `most` [name, emoji] whose name starts with, or else contains, what was typed. */
export function suggest(typed, most = 8) {
  const all = [...SYMBOLS].filter(([name]) => name.includes(typed));
  all.sort(([a], [b]) => Number(b.startsWith(typed)) - Number(a.startsWith(typed)) || a.length - b.length);
  return all.slice(0, most);
}
